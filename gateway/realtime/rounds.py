"""Runs the rounds of all groups that owe something: so many at once, and each at its pace."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context as Nobodys
from typing import Any

from gateway.realtime.group import Group
from services.kit.clock import Clock, SystemClock
from services.kit.log import Log
from services.kit.once import flight

AT_ONCE = 64
CROWD = 100
"""A group of more is told at most every PACE_S: the newest state replaces what came between."""
PACE_S = 0.1
RETRY_S = 1.0
"""Then it is looked again for those of whom it could not be known."""

log = Log("realtime")
Later = Callable[[float, Callable[[], None]], Any]


def _later(seconds: float, call: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(seconds, call)


class Rounds:
    """A group has one round at most under way: news that come meanwhile are one more."""

    def __init__(self, clock: Clock | None = None, later: Later = _later) -> None:
        self._clock = clock or SystemClock()
        self._later = later
        self._queue: deque[Group] = deque()
        self._known: set[Group] = set()
        """Those that wait for their turn, or have it."""
        self._workers: set[asyncio.Task[None]] = set()

    def owe(self, group: Group) -> None:
        if group in self._known:
            return
        self._known.add(group)
        rest_s = self._rest_s(group)
        if rest_s > 0:
            self._later(rest_s, lambda: self._put(group))
        else:
            self._put(group)

    async def close(self) -> None:
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        if workers:
            await asyncio.wait(workers)

    def _rest_s(self, group: Group) -> float:
        if len(group.members) <= CROWD:
            return 0.0
        return group.rested_s + PACE_S - self._clock.monotonic_s()

    def _put(self, group: Group) -> None:
        self._queue.append(group)
        if len(self._workers) < AT_ONCE:
            # In nobody's context: what it does is nobody's request.
            worker = Nobodys().run(flight, self._work(), "rounds")
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def _work(self) -> None:
        while self._queue:
            await self._run(self._queue.popleft())

    async def _run(self, group: Group) -> None:
        group.rested_s = self._clock.monotonic_s()
        try:
            later = await group.round()
            if later:
                self._later(RETRY_S, lambda: group.owe(*later))
        except Exception as unforeseen:
            log.error("realtime.round_failed", unforeseen)
        finally:
            self._known.discard(group)
            if group.is_owing:
                self.owe(group)
