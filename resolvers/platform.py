"""How the move of the platform stands, as everybody may ask; and its null answer."""

from datetime import UTC, datetime
from typing import Protocol

from msgspec.structs import replace

from resolvers.topics import Hearing, News
from services.contracts.status import PlatformStatus

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Status(Protocol):
    """Waits for nothing sick: what is not known now is told as it was, with when it was so."""

    async def now(self) -> PlatformStatus: ...

    async def after(self, told: PlatformStatus) -> PlatformStatus:
        """The next that says something else than `told`: a later time of its check is nothing."""

    def hear(self, news: News) -> Hearing:
        """Whenever it says something else."""


class Untold:
    """Where nobody looks."""

    async def now(self) -> PlatformStatus:
        return PlatformStatus([], [], BEGINNING)

    async def after(self, told: PlatformStatus) -> PlatformStatus:
        return await self.now()

    def hear(self, news: News) -> Hearing:
        return Silence()


class Silence:
    """A hearing of nothing."""

    async def opened(self) -> None:
        pass

    def stop(self) -> None:
        pass


def says(status: PlatformStatus) -> object:
    """What is news when it changes; that more were compared, with the same outcome, is none."""
    capabilities = [replace(one, compared=0) for one in status.capabilities]
    return capabilities, status.incidents, status.last_drill
