"""Topics in memory: `tell` is heard by whoever listens."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FakeEar:
    def __init__(self) -> None:
        self.told = asyncio.Event()

    async def next(self) -> None:
        await self.told.wait()
        self.told.clear()


class FakeTopics:
    def __init__(self) -> None:
        self._ears: defaultdict[str, list[FakeEar]] = defaultdict(list)

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[FakeEar]:
        ear = FakeEar()
        self._ears[topic].append(ear)
        try:
            yield ear
        finally:
            self._ears[topic].remove(ear)

    def tell(self, topic: str) -> None:
        for ear in self._ears[topic]:
            ear.told.set()

    def listeners(self, topic: str) -> int:
        return len(self._ears[topic])
