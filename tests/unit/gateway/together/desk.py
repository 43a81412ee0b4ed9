"""A source that answers many at once when it is let, and remembers who was in which call."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from gateway.together.together import IsOld, Together, never_old
from services.contracts.errors import UpstreamError
from services.contracts.freshness import Seen
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from tests.fakes.tenant import viewer

WAITS_S = 5.0
BUDGET_S = 2.0
NOTHING_SEEN: Seen = {}


def caller(tenant: str = "a", waits_s: float = WAITS_S, seen: Seen = NOTHING_SEEN) -> Caller:
    found = Caller(viewer(tenant), Deadline.within(SystemClock(), waits_s))
    return replace(found, seen=seen)


class Desk:
    """Each item's answer is its text; who asks alone is told so."""

    def __init__(self, is_old: IsOld[str] = never_old) -> None:
        self.calls: list[tuple[Caller, list[int], dict[str, int]]] = []
        self.alone = 0
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.breaks: UpstreamError | Exception | None = None
        self.together = Together(self._many, SystemClock(), BUDGET_S, is_old)

    @property
    def sizes(self) -> list[int]:
        return [len(items) for _, items, _ in self.calls]

    async def ask(self, who: Caller, *items: int) -> Sequence[str]:
        return await self.together.ask(who, items, self._for_one(items))

    def asks(self, number: int, who: Caller) -> list["asyncio.Task[Sequence[str]]"]:
        return [asyncio.ensure_future(self.ask(who, item)) for item in range(number)]

    def _for_one(self, items: Sequence[int]) -> Callable[[], Awaitable[Sequence[str]]]:
        async def ask() -> Sequence[str]:
            self.alone += 1
            await self._work()
            return [f"{item} alone" for item in items]

        return ask

    async def _many(self, who: Caller, items: Sequence[int], seen: Seen) -> Sequence[str]:
        self.calls.append((who, list(items), dict(seen)))
        await self._work()
        return [f"{item}" for item in items]

    async def _work(self) -> None:
        await self.is_open.wait()
        if self.breaks is not None:
            raise self.breaks


async def turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)
