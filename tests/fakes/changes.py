"""A change log in memory."""

from collections.abc import Sequence

from services.contracts.changes import EVERYTHING
from services.events.changes import Changes
from services.kit.clock import SystemClock

NOWHERE = "redis://127.0.0.1:9"


class FakeChanges(Changes):
    def __init__(self) -> None:
        super().__init__(NOWHERE, SystemClock())
        self.said: list[str] = []

    async def tell(self, tags: Sequence[str]) -> None:
        self.said += tags

    async def tell_everything(self) -> None:
        self.said.append(EVERYTHING)
