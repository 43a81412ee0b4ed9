"""The only place of the monolith that reads the time or throws dice."""

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

Dice = random.Random
"""Made from a seed, so that the same throws come again."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The instant, in UTC."""

    def monotonic_s(self) -> float:
        """Seconds that never go back; only differences mean something."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()


class FakeClock:
    """A clock that tests move."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._monotonic_s = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic_s(self) -> float:
        return self._monotonic_s

    def advance(self, **by: float) -> None:
        """`clock.advance(minutes=21)`."""
        self._now += timedelta(**by)
        self._monotonic_s += timedelta(**by).total_seconds()
