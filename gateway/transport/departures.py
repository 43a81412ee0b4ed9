"""What clients hold open in this process, and how it ends when the process does: one by one."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import Protocol

from services.kit.clock import Clock
from services.kit.log import Log

log = Log("drain")
TICK_S = 0.05
LATE_S = 2.0
"""So long, at most, is waited for answers under way when all others have left."""
RETURN_WITHIN_MS = 1_000
STEP_MS = 618
"""By the golden section: neighbours come back far apart, and no chance is needed for it."""


class Held(Protocol):
    """A socket, or a stream of events."""

    def depart(self, wait_ms: int, *, at_once: bool) -> bool:
        """Whether it leaves now: it may have an answer to give first, unless `at_once`.

        Its client is told to come back after `wait_ms`.
        """


class Departures:
    """`is_leaving`: nothing more is let in."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: OrderedDict[Held, None] = OrderedDict()
        self._told = 0
        self.is_leaving = False

    def join(self, one: Held) -> None:
        self._held[one] = None

    def leave(self, one: Held) -> None:
        self._held.pop(one, None)

    def __len__(self) -> int:
        return len(self._held)

    async def spread(self, within_s: float, is_hurried: Callable[[], bool] = lambda: False) -> None:
        """Returns once nothing is held any more; at once, for all, where somebody is hurried."""
        self.is_leaving = True
        log.info("drain.begun", held=len(self._held))
        ends_s = self._clock.monotonic_s() + within_s
        late_s = ends_s + min(within_s, LATE_S)
        while self._held:
            now_s = self._clock.monotonic_s()
            is_over = now_s >= late_s or is_hurried()
            self._part(len(self._held) if is_over else self._share(ends_s - now_s), is_over)
            await asyncio.sleep(TICK_S)
        log.info("drain.done", told=self._told)

    def _share(self, left_s: float) -> int:
        return ceil(len(self._held) * min(1.0, TICK_S / max(left_s, TICK_S)))

    def _part(self, many: int, at_once: bool) -> None:
        for one in list(self._held)[:many]:
            if one.depart((self._told * STEP_MS) % RETURN_WITHIN_MS, at_once=at_once):
                self._told += 1
                self.leave(one)
            else:
                self._held.move_to_end(one)
