"""asyncio's Queue and Event as one connection needs them: of these a socket has one for life."""

import asyncio
from collections import deque
from typing import Any


class Inbox:
    """One reader; a Queue holds four times the memory before anything is in it."""

    __slots__ = ("_came", "_items")

    def __init__(self) -> None:
        self._items: list[Any] = []
        self._came: asyncio.Future[None] | None = None

    def put_nowait(self, item: Any) -> None:
        self._items.append(item)
        if self._came is not None and not self._came.done():
            self._came.set_result(None)

    def empty(self) -> bool:
        return not self._items

    async def get(self) -> Any:
        while not self._items:
            self._came = asyncio.get_running_loop().create_future()
            try:
                await self._came
            finally:
                self._came = None
        return self._items.pop(0)


class Gate:
    """Open at first; whoever waits goes on when it opens."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] | None = None

    def is_set(self) -> bool:
        return self._waiting is None

    def clear(self) -> None:
        if self._waiting is None:
            self._waiting = deque()

    def set(self) -> None:
        waiting, self._waiting = self._waiting or (), None
        for one in waiting:
            if not one.done():
                one.set_result(None)

    async def wait(self) -> None:
        while self._waiting is not None:
            opened = asyncio.get_running_loop().create_future()
            self._waiting.append(opened)
            await opened
