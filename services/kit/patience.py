"""Waits a moment for what has happened elsewhere to arrive."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

A = TypeVar("A")

MOST_S = 0.25
"""Longer than the way of an event between two healthy sides."""
LEAST_S, TIMES = 0.01, 1.5
"""The first pause, and how much longer each next one is."""


async def newest(
    look: Callable[[], Awaitable[A]], is_old: Callable[[A], bool], most_s: float = MOST_S
) -> A:
    """The first answer that is not old; after so long, the last one."""
    found, left_s, pause_s = await look(), most_s, LEAST_S
    while left_s > 0 and is_old(found):
        await asyncio.sleep(min(pause_s, left_s))
        left_s, pause_s = left_s - pause_s, pause_s * TIMES
        found = await look()
    return found
