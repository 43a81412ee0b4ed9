"""Whoever finds out of a capability's health, in memory; each may hang or fail."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from gateway.status.sources import Compared, StatusSources
from services.contracts.status import Drill, Incident


@dataclass
class FakeFindings:
    """All sources in one; `asked` counts, by name."""

    ratios: dict[str, float] = field(default_factory=dict)
    compared: dict[str, Compared] = field(default_factory=dict)
    recorded: list[Incident] = field(default_factory=list)
    drill: Drill | None = None
    age_s: float | None = 0.0
    asked: list[str] = field(default_factory=list)
    meets: Callable[[str], Awaitable[None]] | None = None
    """What whoever asks comes upon first."""

    @property
    def sources(self) -> StatusSources:
        return StatusSources(self, self, self, self, self)

    def ratio(self, capability: str) -> float:
        return self.ratios.get(capability, 0.0)

    async def counts(self, capability: str) -> Compared:
        await self._note("comparisons")
        return self.compared.get(capability, Compared())

    async def latest(self, most: int) -> Sequence[Incident]:
        await self._note("incidents")
        return self.recorded[:most]

    async def last(self) -> Drill | None:
        await self._note("drills")
        return self.drill

    async def oldest_s(self) -> float | None:
        await self._note("outbox")
        return self.age_s

    async def _note(self, name: str) -> None:
        self.asked.append(name)
        if self.meets is not None:
            await self.meets(name)


async def hangs(name: str) -> None:
    await asyncio.sleep(60)


async def fails(name: str) -> None:
    raise ConnectionError(name)
