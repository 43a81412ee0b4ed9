"""What runs while the application does, and what is closed behind it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette

from services.kit.ending import end_all

Run = Callable[[], Coroutine[Any, Any, None]]
Close = Callable[[], Awaitable[None]]


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
            await end_all(running)
        for close in self.closes:
            await close()
