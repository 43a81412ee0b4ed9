"""A member of a group in memory, and the groups it is of: its client takes what it has room for."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from gateway.execution.engine import Engine
from gateway.identity.token import BadToken
from gateway.locale.tongue import Tongues
from gateway.operation.ask import Ask
from gateway.operation.document import Documents
from gateway.realtime.event import Event
from gateway.realtime.groups import Groups
from gateway.realtime.member import Member
from gateway.realtime.rights import Hears, Rights
from gateway.realtime.rounds import Rounds
from resolvers.context import Context, context_for
from resolvers.ports import Sources
from resolvers.say import Say
from resolvers.sight import Sight
from schema.contract import core_schema
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock, SystemClock
from tests.fakes import asking
from tests.fakes.asking import CONSISTENCY
from tests.fakes.tenant import NOW

TURNS = 50


class Listener(Member):
    """`told`: payloads, in order; without `has_room` it is busy from the first on."""

    def __init__(self, viewer: Viewer | None, *, has_room: bool = True) -> None:
        super().__init__(viewer)
        self.heard: list[Any] = []
        self.payloads: list[bytes] = []
        self.is_over = self.is_away = self.is_spent = False
        self.has_room = has_room

    def check(self) -> None:
        if self.is_spent:
            raise BadToken("expired")

    def take(self, events: Sequence[Event]) -> None:
        self.payloads += [one.payload for one in events]
        self.heard += [json.loads(one.payload) for one in events]
        self.is_busy = not self.has_room

    def end(self, last: Event | None) -> None:
        self.heard += [json.loads(last.payload)] if last else []
        self.is_over = True

    def send_away(self) -> None:
        self.is_away = True

    @property
    def data(self) -> list[Any]:
        """The one field of each event."""
        return [next(iter(one["data"].values())) for one in self.heard]

    @property
    def codes(self) -> list[str]:
        told = [error for one in self.heard for error in one.get("errors", ())]
        return [error["extensions"]["code"] for error in told]


class Waiting:
    """Calls that are put off: nothing happens by itself."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, Callable[[], None]]] = []

    def __call__(self, seconds: float, call: Callable[[], None]) -> None:
        self.calls.append((seconds, call))

    def happen(self) -> None:
        due, self.calls = self.calls, []
        for _, call in due:
            call()


class Hall:
    """Groups over one platform's sources; what is put off happens by itself only `in_time`."""

    def __init__(
        self, sources: Callable[[], Sources], heard: Hears | None = None, *, in_time: bool = False
    ) -> None:
        self.clock = FakeClock(NOW)
        self.later = Waiting()
        rounds = Rounds() if in_time else Rounds(self.clock, self.later)
        self.groups = Groups(Rights(heard, self.clock), rounds)
        self.executed = 0
        self._sources = sources
        schema = core_schema()
        self._engine = Engine(
            schema, Documents(schema), self._context, execute=self._execute, groups=self.groups
        )

    def _context(
        self, who: Viewer | None, received_s: float | None, sight: Sight, say: Say
    ) -> Context:
        clock = SystemClock()
        return context_for(who, clock, 30.0, self._sources(), CONSISTENCY, received_s, sight, say)

    async def _execute(self, *given: Any) -> Any:
        self.executed += 1
        return await asking.execute(*given)

    async def join(self, member: Listener, query: str, **variables: Any) -> Any:
        """What is wrong, if anything; it is told what there is."""
        wrong = await self.enter(member, query, **variables)
        await settled()
        return wrong

    async def enter(self, member: Listener, query: str, **variables: Any) -> Any:
        operation = await self._engine.read(Ask(query=query, variables=variables), member.viewer)
        tongue = Tongues().of(())
        return await self.groups.join(member, self._engine, operation, Sight(), tongue)


async def settled() -> None:
    """All that can happen by now has."""
    for _ in range(TURNS):
        await asyncio.sleep(0)
