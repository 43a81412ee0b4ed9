"""News of things, as whoever waits for it hears it."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

News: TypeAlias = Callable[[str | None], None]
"""Called when there may be news, with the trace of the newest if they have one."""


class Hearing(Protocol):
    """Lasts until it is stopped."""

    async def opened(self) -> None:
        """Returns once no news are missed, or it is known that all will be told to look again."""

    def stop(self) -> None: ...


class Topics(Protocol):
    def hear(self, topic: str, news: News) -> Hearing:
        """News of a topic from now on."""
