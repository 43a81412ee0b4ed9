"""Hears one topic for whoever waits for its news."""

import asyncio

from resolvers.topics import Hearing


class Ear:
    """News that come before the last were taken are told as one."""

    def __init__(self) -> None:
        self._traceparent: str | None = None
        self._arrived = asyncio.Event()
        self.hearing: Hearing

    def tell(self, traceparent: str | None) -> None:
        self._traceparent = traceparent
        self._arrived.set()

    async def next(self) -> str | None:
        """The trace of the newest news, where they have one."""
        await self._arrived.wait()
        self._arrived.clear()
        return self._traceparent

    async def opened(self) -> None:
        """Returns once no news are missed."""
        await self.hearing.opened()
