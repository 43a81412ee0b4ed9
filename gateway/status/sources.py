"""What others find out of a capability's health, as the status needs it; none of it is personal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from services.contracts.status import Drill, Incident


class Compared(msgspec.Struct, frozen=True):
    """How many answers of both sides were compared, and how many of them differed."""

    compared: int = 0
    differing: int = 0

    @property
    def ratio(self) -> float:
        return self.differing / self.compared if self.compared else 0.0


class ErrorRatios(Protocol):
    def ratio(self, capability: str) -> float:
        """Of the service's calls lately, 0 to 1; 0 where it was not called."""


class Comparisons(Protocol):
    async def counts(self, capability: str) -> Compared: ...


class Incidents(Protocol):
    async def latest(self, most: int) -> Sequence[Incident]:
        """The latest first."""


class Drills(Protocol):
    async def last(self) -> Drill | None: ...


class OutboxAge(Protocol):
    async def oldest_s(self) -> float | None:
        """Raises where one that has an outbox does not say: an old age would be no age."""


class NoErrors:
    def ratio(self, capability: str) -> float:
        return 0.0


class NothingCompared:
    async def counts(self, capability: str) -> Compared:
        return Compared()


class NoIncidents:
    async def latest(self, most: int) -> Sequence[Incident]:
        return []


class NoDrills:
    async def last(self) -> Drill | None:
        return None


class NoOutbox:
    async def oldest_s(self) -> float | None:
        return None


@dataclass(frozen=True, slots=True)
class StatusSources:
    """Where nobody finds something out it is told as none."""

    errors: ErrorRatios = field(default_factory=NoErrors)
    comparisons: Comparisons = field(default_factory=NothingCompared)
    incidents: Incidents = field(default_factory=NoIncidents)
    drills: Drills = field(default_factory=NoDrills)
    outbox: OutboxAge = field(default_factory=NoOutbox)
