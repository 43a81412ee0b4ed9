"""A store of usage in memory, which can be away, and can take something without saying so."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from gateway.usage.counting import Place
from gateway.usage.store import Away, Batch


@dataclass
class FakeStore:
    is_away: bool = False
    is_silent: bool = False
    kept: defaultdict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    newest: dict[tuple[Place, str], int] = field(default_factory=dict)

    async def add(self, place: Place, counts: Mapping[str, int], batch: Batch) -> None:
        if self.is_away:
            raise Away("away")
        if self.newest.get((place, batch.sender), 0) < batch.number:
            self.newest[place, batch.sender] = batch.number
            self.kept[place].update(counts)
        if self.is_silent:
            raise Away("said nothing")

    async def of(self, days: Iterable[date]) -> dict[Place, dict[str, int]]:
        wanted = set(days)
        return {place: dict(counts) for place, counts in self.kept.items() if place.day in wanted}
