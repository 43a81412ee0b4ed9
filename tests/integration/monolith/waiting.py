"""Waits for a condition, with a bound."""

import asyncio
from collections.abc import Awaitable, Callable

STEP_S = 0.01


async def until(claim: Callable[[], Awaitable[bool]], most_s: float = 10.0) -> None:
    for _ in range(int(most_s / STEP_S)):
        if await claim():
            return
        await asyncio.sleep(STEP_S)
    raise TimeoutError(f"{claim} did not come true within {most_s} s")
