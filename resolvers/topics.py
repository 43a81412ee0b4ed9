"""News of things, as whoever waits for it hears it."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Ear(Protocol):
    async def next(self) -> str | None:
        """Returns when there may be news, with the trace of the newest if they have one."""


class Topics(Protocol):
    def listen(self, topic: str) -> AbstractAsyncContextManager[Ear]:
        """News of a topic from now on."""
