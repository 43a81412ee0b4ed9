"""What a loop that outlives its errors owes to whoever tells it to end."""

import asyncio
from collections.abc import Iterable
from typing import Any

TOLD_AGAIN_S = 0.2


def heed_cancellation() -> None:
    """Said in the `except` of such a loop; raises CancelledError where its task was told to end.

    What is cancelled gives back what it holds, and an error raised there, by a connection that
    broke meanwhile, takes the place of the CancelledError, which then reaches nobody.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def end_all(running: Iterable[asyncio.Task[Any]]) -> None:
    """A library may swallow that its task was told to end: then it is told again."""
    while alive := [task for task in running if not task.done()]:
        for task in alive:
            task.cancel()
        await asyncio.wait(alive, timeout=TOLD_AGAIN_S)
