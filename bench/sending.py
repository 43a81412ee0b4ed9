"""Sends a request of pyreqwest's, and hears that it was told to stop meanwhile."""

import asyncio
from typing import Protocol, TypeVar

R = TypeVar("R", covariant=True)


class Request(Protocol[R]):
    async def send(self) -> R: ...


async def sent(request: Request[R]) -> R:
    """pyreqwest (0.15.1) gives the answer to a task that is cancelled just as it comes: without
    this the task would go on."""
    task = asyncio.current_task()
    told = task.cancelling() if task else 0
    response = await request.send()
    if task and task.cancelling() > told:
        raise asyncio.CancelledError
    return response
