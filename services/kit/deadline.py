"""A budget of time that is carved up on the way to the upstreams, never extended."""

import asyncio

import msgspec

from services.kit.clock import Clock

HEADER = "deadline-ms-left"


class Deadline(msgspec.Struct, frozen=True):
    """The moment, on `clock`'s monotonic scale, after which nobody waits any more."""

    clock: Clock
    ends_s: float

    @classmethod
    def within(cls, clock: Clock, seconds: float) -> "Deadline":
        return cls(clock, clock.monotonic_s() + seconds)

    def left_s(self) -> float:
        return max(0.0, self.ends_s - self.clock.monotonic_s())

    def carve(self, at_most_s: float) -> "Deadline":
        """A part of this budget: `at_most_s` from now, and never later than this one's end."""
        return Deadline(self.clock, min(self.ends_s, self.clock.monotonic_s() + at_most_s))

    def guard(self) -> asyncio.Timeout:
        """An `async with` block that raises TimeoutError when the budget is spent."""
        return asyncio.timeout(self.left_s())
