"""Sleeps to the microsecond: an event loop's own timers have steps of a millisecond."""

import asyncio

from services.kit.clock import Clock, SystemClock

CLOCK: Clock = SystemClock()
FINE_S = 0.002
"""The last of it is waited for turn by turn of the loop, which serves others in between."""


async def sleep_exactly(seconds: float) -> None:
    """Never less; how much more, only a loop that is busy with others decides."""
    ends_s = CLOCK.monotonic_s() + seconds
    if seconds > FINE_S:
        await asyncio.sleep(seconds - FINE_S)
    while CLOCK.monotonic_s() < ends_s:  # noqa: ASYNC110 - time is no event
        await asyncio.sleep(0)
