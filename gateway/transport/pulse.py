"""One timer for all sockets of a process: each is told at its own moment, again and again."""

import asyncio
from typing import Protocol

PARTS = 40
"""So many timers fire a beat, each for its share of the sockets: none holds the loop up."""


class Member(Protocol):
    def beat(self) -> None:
        """Must raise nothing."""


class Pulse:
    """Ticks while it has members; one that joins is told a whole `beat_s` later at first."""

    def __init__(self, beat_s: float) -> None:
        self._tick_s = beat_s / PARTS
        self._parts: list[set[Member]] = [set() for _ in range(PARTS)]
        self._now = 0
        self._timer: asyncio.TimerHandle | None = None

    def join(self, member: Member) -> set[Member]:
        """Where it stands: it leaves by taking itself out of it."""
        part = self._parts[self._now]
        part.add(member)
        if self._timer is None:
            self._wait()
        return part

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._tick_s, self._tick)

    def _tick(self) -> None:
        self._now = (self._now + 1) % PARTS
        for member in tuple(self._parts[self._now]):
            member.beat()
        self._timer = None
        if any(self._parts):
            self._wait()
