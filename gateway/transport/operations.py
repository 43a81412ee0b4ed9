"""What one socket runs: each operation is a task of the socket's, and ends with it."""

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from graphql import OperationType
from starlette.websockets import WebSocketDisconnect

from gateway.admission.slot import Slot
from gateway.bad_request import BadRequest
from gateway.errors import UNFORESEEN, problem, shown
from gateway.execution.engine import Engine
from gateway.execution.operation import Operation
from gateway.identity.carried import Carried
from gateway.identity.token import BadToken
from gateway.locale.sentence import Sentence
from gateway.operation.refusal import BadDocument
from gateway.transport.badge import Badge
from gateway.transport.messages import Close, Closed, Subscribe
from gateway.transport.results import BEGINS_WITHIN_S, Run, results
from gateway.transport.seen import BAD_CONSISTENCY, seen_in
from gateway.transport.wire import Wire
from resolvers.sight import Sight
from services.contracts.errors import ErrorCode
from services.contracts.freshness import Seen, merged
from services.kit.consistency import BadToken as BadConsistency
from services.kit.consistency import Consistency
from services.kit.log import Log

log = Log("websocket")
TOO_MANY = "TOO_MANY_OPERATIONS"
MOST_AT_ONCE = "A socket runs {most} operations at once."


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation as it came; `seen` by the client before it."""

    message: Subscribe
    received_s: float
    seen: Seen
    request_id: str

    @property
    def id(self) -> str:
        return self.message.id


class Operations:
    """At most `most` at once; one more is refused, and the socket lives."""

    def __init__(
        self,
        engine: Engine,
        consistency: Consistency,
        wire: Wire,
        badge: Badge,
        carried: Carried | None,
        tasks: asyncio.TaskGroup,
        most: int,
    ) -> None:
        self._engine = engine
        self._consistency = consistency
        self._wire = wire
        self._badge = badge
        self._carried = carried
        self._tasks = tasks
        self._most = most
        self._running: dict[str, asyncio.Task[None]] = {}

    async def begin(self, message: Subscribe, received_s: float, seen: Seen) -> None:
        """Raises Closed."""
        if message.id in self._running:
            raise Closed(Close.DUPLICATE, f"Subscriber for {message.id} already exists")
        if len(self._running) >= self._most:
            told = Sentence(MOST_AT_ONCE, most=self._most)
            await self._refuse(message.id, self._problem(TOO_MANY, told))
            return
        asked = Asked(message, received_s, seen, secrets.token_hex(8))
        self._running[message.id] = self._tasks.create_task(
            self._serve(asked), name=f"operation {message.id}"
        )

    def end(self, id_: str) -> None:
        """As the client wishes; what has ended already is nothing to it."""
        task = self._running.pop(id_, None)
        if task is not None:
            task.cancel()

    async def _serve(self, asked: Asked) -> None:
        try:
            badge = self._badge
            operation = await self._engine.read(asked.message.ask, badge.viewer, badge.client)
            own = seen_in(asked.message.payload.extensions, self._consistency)
            by_others = await self._carried.seen() if self._carried else {}
            sight = Sight(merged(own, asked.seen, by_others))
            await self._admitted(asked, operation, sight)
        except BadDocument as bad:
            await self._refuse(asked.id, shown(bad.errors, asked.request_id, self._wire.tongue.say))
        except BadRequest as bad:
            said = bad.refusal
            await self._refuse(asked.id, self._problem(said.code, said.message, **said.about))
        except BadConsistency:
            await self._refuse(asked.id, self._problem(ErrorCode.INVALID, BAD_CONSISTENCY))
        except BadToken as bad:
            raise Closed(Close.FORBIDDEN, "Forbidden") from bad
        except (Closed, WebSocketDisconnect):
            raise
        except Exception as unforeseen:
            # What one operation meets must not end the others of its socket.
            log.error("operation.failed", unforeseen, request=asked.request_id)
            await self._refuse(asked.id, self._problem("INTERNAL", UNFORESEEN))
        else:
            self._running.pop(asked.id, None)
            await self._wire.send({"type": "complete", "id": asked.id})

    def _problem(self, code: str, sentence: str, **about: Any) -> list[Any]:
        told: list[Any] = problem(code, self._wire.tongue.say(sentence), **about)["errors"]
        return told

    async def _refuse(self, id_: str, errors: Sequence[Any]) -> None:
        self._running.pop(id_, None)
        await self._wire.send({"type": "error", "id": id_, "payload": errors})

    async def _admitted(self, asked: Asked, operation: Operation, sight: Sight) -> None:
        """Raises BadRequest where it may not run now."""
        admission = self._engine.admission
        admission.pay(operation, self._badge.viewer)
        slot = await admission.enter(operation, self._badge.viewer, asked.received_s)
        if operation.kind is OperationType.SUBSCRIPTION:
            slot.leave_after(BEGINS_WITHIN_S)
        try:
            await self._answer(asked, operation, sight, slot)
        finally:
            slot.leave(counts=False)

    async def _answer(self, asked: Asked, operation: Operation, sight: Sight, slot: Slot) -> None:
        run = Run(
            self._engine,
            operation,
            self._badge,
            asked.received_s,
            sight,
            asked.request_id,
            self._wire.tongue,
            slot=slot,
        )
        async with aclosing(results(run)) as payloads:
            async for payload in payloads:
                await self._wire.send({"type": "next", "id": asked.id, "payload": payload})
                if self._carried:
                    await self._carried.note(sight.now)
