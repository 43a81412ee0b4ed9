"""What one socket runs: each operation is a task of the socket's, and ends with it."""

import asyncio
import secrets
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import OperationType
from starlette.websockets import WebSocketDisconnect

from gateway.admission.running import run_in
from gateway.admission.slot import Slot
from gateway.bad_request import BadRequest
from gateway.errors import UNFORESEEN, payload, problem, shown
from gateway.execution.engine import Engine
from gateway.execution.operation import Operation
from gateway.identity.carried import Carried
from gateway.identity.token import BadToken
from gateway.locale.sentence import Sentence
from gateway.operation.refusal import BadDocument
from gateway.transport.badge import Badge
from gateway.transport.listening import Listening
from gateway.transport.messages import Close, Closed, Subscribe
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
        self.wire = wire
        self.badge = badge
        self.carried = carried
        self._tasks = tasks
        self._most = most
        self._running: dict[str, asyncio.Task[None] | Listening] = {}

    async def begin(self, message: Subscribe, received_s: float, seen: Seen) -> None:
        """Raises Closed."""
        if message.id in self._running:
            raise Closed(Close.DUPLICATE, f"Subscriber for {message.id} already exists")
        if len(self._running) >= self._most:
            told = Sentence(MOST_AT_ONCE, most=self._most)
            await self._refuse(message.id, self._problem(TOO_MANY, told))
            return
        asked = Asked(message, received_s, seen, secrets.token_hex(8))
        self._running[message.id] = self._tasks.create_task(self._serve(asked), name="operation")

    def end(self, id_: str) -> None:
        """As the client wishes; what has ended already is nothing to it."""
        self._stop(self._running.pop(id_, None))

    def leave(self) -> None:
        """All that is followed: its client is gone."""
        for one in self._running.values():
            self._stop(one)
        self._running.clear()

    def forget(self, id_: str) -> None:
        """It has ended by itself."""
        self._running.pop(id_, None)
        self.wire.unanswered.discard(id_)

    def work(self, work: Coroutine[Any, Any, None]) -> None:
        """Something that its client is to wait for, or not to live without."""
        self._tasks.create_task(work, name="socket")

    def _stop(self, running: asyncio.Task[None] | Listening | None) -> None:
        if isinstance(running, Listening):
            self._engine.groups.leave(running)
        elif running is not None:
            running.cancel()

    async def _serve(self, asked: Asked) -> None:
        try:
            badge = self.badge
            operation = await self._engine.read(asked.message.ask, badge.viewer, badge.client)
            own = seen_in(asked.message.payload.extensions, self._consistency)
            by_others = await self.carried.seen() if self.carried else {}
            sight = Sight(merged(own, asked.seen, by_others))
            await self._admitted(asked, operation, sight)
        except BadDocument as bad:
            await self._refuse(asked.id, shown(bad.errors, asked.request_id, self.wire.tongue.say))
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

    async def _complete(self, id_: str) -> None:
        self._running.pop(id_, None)
        await self.wire.send({"type": "complete", "id": id_})

    def _problem(self, code: str, sentence: str, **about: Any) -> list[Any]:
        told: list[Any] = problem(code, self.wire.tongue.say(sentence), **about)["errors"]
        return told

    async def _refuse(self, id_: str, errors: Sequence[Any]) -> None:
        self._running.pop(id_, None)
        await self.wire.send({"type": "error", "id": id_, "payload": errors})

    async def _admitted(self, asked: Asked, operation: Operation, sight: Sight) -> None:
        """Raises BadRequest where it may not run now."""
        admission = self._engine.admission
        admission.pay(operation, self.badge.viewer)
        slot = await admission.enter(operation, self.badge.viewer, asked.received_s)
        try:
            if operation.kind is OperationType.SUBSCRIPTION:
                await self._follow(asked, operation, sight)
            else:
                await self._answer(asked, operation, sight, slot)
        finally:
            slot.leave(counts=False)

    async def _follow(self, asked: Asked, operation: Operation, sight: Sight) -> None:
        """Only its beginning is admitted: what comes later comes when it happens."""
        member = Listening(asked.id, self)
        tongue = self.wire.tongue
        wrong = await self._engine.groups.join(member, self._engine, operation, sight, tongue)
        if wrong is not None:
            told = payload(wrong, asked.request_id, tongue.say)
            await self.wire.send({"type": "next", "id": asked.id, "payload": told})
            await self._complete(asked.id)
        elif member.group is not None:
            self._running[asked.id] = member
            # It has begun: whoever follows is owed no answer.
            self.wire.unanswered.discard(asked.id)

    async def _answer(self, asked: Asked, operation: Operation, sight: Sight, slot: Slot) -> None:
        running = self._engine.run(
            operation, self.badge.viewer, asked.received_s, sight, self.wire.tongue.say
        )
        told = payload(await run_in(slot, running), asked.request_id, self.wire.tongue.say)
        await self.wire.send({"type": "next", "id": asked.id, "payload": told})
        if self.carried:
            await self.carried.note(sight.now)
        await self._complete(asked.id)
