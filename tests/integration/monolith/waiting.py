"""Waits for a condition, with a bound."""

import asyncio
import time
from collections.abc import Awaitable, Callable

STEP_S = 0.01


async def until(claim: Callable[[], Awaitable[bool]], most_s: float = 10.0) -> None:
    ends = time.monotonic() + most_s
    while time.monotonic() < ends:
        if await claim():
            return
        await asyncio.sleep(STEP_S)
    raise TimeoutError(f"{claim} did not come true within {most_s} s")
