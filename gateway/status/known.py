"""The status' sources as this process has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flags import drills
from flags.names import CAPABILITIES
from gateway.shadow.store import ShadowStore
from gateway.status.sources import Compared
from gateway.strangling.rollback import Rollback
from services.contracts.status import Drill, Incident


@dataclass(frozen=True, slots=True)
class CountedErrors:
    """Of all processes, in the last minute."""

    rollback: Rollback

    def ratio(self, capability: str) -> float:
        return self.rollback.lately(CAPABILITIES[capability]).error_ratio


@dataclass(frozen=True, slots=True)
class Shadowed:
    """Raises where the store does not answer."""

    store: ShadowStore

    async def counts(self, capability: str) -> Compared:
        found = await self.store.counts(CAPABILITIES[capability])
        return Compared(found.compared, found.differing)


@dataclass(frozen=True, slots=True)
class Incidents:
    rollback: Rollback

    async def latest(self, most: int) -> Sequence[Incident]:
        return await self.rollback.incidents(most)


@dataclass(frozen=True, slots=True)
class DrillsOfHome:
    home: Path

    async def last(self) -> Drill | None:
        return drills.last(self.home)
