"""Gives up after a while, but not on what came in time and a busy loop has yet to read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

GRACE_TURNS = 6
"""Of the loop: a busy one finds the time over before it reads the reply that came in time."""


@asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """As asyncio.timeout."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:
        timer: asyncio.Handle

        def late(turns: int) -> None:
            nonlocal timer
            if turns:
                timer = loop.call_soon(late, turns - 1)
            else:
                limit.reschedule(loop.time())

        timer = loop.call_later(seconds, late, GRACE_TURNS)
        try:
            yield
        finally:
            timer.cancel()
