"""Asks the service beside the monolith, off the way of the request, and counts where it differs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from flags.client import Flags
from flags.names import Capability
from gateway.shadow.asked import A, Ask, Asked, Named
from gateway.shadow.judging import Judge, Judged
from resolvers.ports import Sources
from services.contracts.errors import UpstreamError
from services.kit.caller import Caller
from services.kit.log import Log
from services.kit.once import flight

MOST_AT_ONCE = 64
"""Comparisons of one process; what comes on top is counted and not compared."""
LATER_S = 0.05
"""What else a page asks for goes before: most are over by then."""
LASTS_S = 15.0
"""So long may one take, with all that is asked again."""

log = Log("shadow")


class Notes(Protocol):
    """What becomes of comparisons; it may not wait."""

    def judged(self, asked: Named, judged: Judged) -> None: ...

    def dropped(self, capability: Capability) -> None:
        """There were too many at once, or it took too long."""


class Shadow:
    """Whoever asks is answered by the old side, and never waits for what is compared."""

    def __init__(
        self,
        legacy: Sources,
        flags: Flags,
        judge: Judge,
        notes: Notes,
        most_at_once: int = MOST_AT_ONCE,
    ) -> None:
        self._legacy = legacy
        self._flags = flags
        self._judge = judge
        self._notes = notes
        self._most_at_once = most_at_once
        self._tasks: set[asyncio.Task[None]] = set()

    async def answer(
        self, capability: Capability, name: str, caller: Caller, ask: Ask[A], is_each: bool = True
    ) -> A:
        """The old side's; `ask` says what is asked of either side, and on whose behalf."""
        answer = await ask(self._legacy, caller)
        if self.shadows(capability, caller):
            asked = Asked(capability, name, caller.viewer, ask, is_each)
            self.depart(asked, lambda: self._judge.judged(asked, answer))
        return answer

    def shadows(self, capability: Capability, caller: Caller) -> bool:
        return self._flags.decide(caller.viewer).shadows(capability)

    async def alone(self, caller: Caller, ask: Ask[A]) -> A:
        """The old side's, where the two are known to differ."""
        return await ask(self._legacy, caller)

    def depart(self, asked: Named, judge: Callable[[], Awaitable[Judged]]) -> None:
        """Nobody waits for it."""
        if len(self._tasks) >= self._most_at_once:
            self._notes.dropped(asked.capability)
            return
        task = flight(self._compare(asked, judge), "shadow")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Nobody waits for what is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _compare(self, asked: Named, judge: Callable[[], Awaitable[Judged]]) -> None:
        try:
            async with asyncio.timeout(LASTS_S):
                await asyncio.sleep(LATER_S)
                judged = await judge()
        except (TimeoutError, UpstreamError):
            self._notes.dropped(asked.capability)
        except Exception as unforeseen:
            log.error("shadow.failed", unforeseen, capability=asked.capability.name)
            self._notes.dropped(asked.capability)
        else:
            self._notes.judged(asked, judged)
