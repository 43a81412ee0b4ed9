"""Something that is fetched at most once, however many wait for it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Fetch = Callable[[], Coroutine[Any, Any, T]]


def flight(work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    """A task of its own; others wait for it behind asyncio.shield, so that leaving harms nobody.

    Its owner keeps it and ends it; an error that nobody waited for is not reported twice.
    """
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return task


class Once(Generic[T]):
    """Fetched when it is first asked for."""

    def __init__(self, fetch: Fetch[T]) -> None:
        self._fetch = fetch
        self._task: asyncio.Task[T] | None = None

    def get(self) -> Awaitable[T]:
        if self._task is None:
            self._task = flight(self._fetch(), "once")
        return asyncio.shield(self._task)

    @property
    def value(self) -> T:
        """What was fetched; only after an awaited get()."""
        if self._task is None:
            raise RuntimeError("nothing was fetched yet")
        return self._task.result()

    async def close(self) -> None:
        """Ends a fetch that nobody waits for any more."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])
