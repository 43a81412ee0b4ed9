"""What runs while the application does, and what is closed behind it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette

Run = Callable[[], Coroutine[Any, Any, None]]
Close = Callable[[], Awaitable[None]]
TOLD_AGAIN_S = 0.2


@dataclass(frozen=True, slots=True)
class Life:
    """Closed in the order given, once nothing runs."""

    runs: list[Run]
    closes: list[Close]

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(run(), name="gateway") for run in self.runs]
            yield
            await _end(running)
        for close in self.closes:
            await close()


async def _end(running: list[asyncio.Task[None]]) -> None:
    """A library may swallow that its task was told to end: then it is told again."""
    while alive := [task for task in running if not task.done()]:
        for task in alive:
            task.cancel()
        await asyncio.wait(alive, timeout=TOLD_AGAIN_S)
