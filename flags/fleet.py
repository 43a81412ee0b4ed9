"""What all gateway processes know together: how calls went, and what is rolled back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from flags.health import LONG_S, NOTHING, SHORT_S, Counts, Windows
from flags.rollback import Seen, State
from services.contracts.status import Incident
from services.kit.clock import Clock

MOST_INCIDENTS = 100


class Away(Exception):
    """The others could not be asked."""


@dataclass(frozen=True, slots=True)
class Shared:
    """`now_s` by the fleet's clock; counts and states by the capability's name."""

    now_s: float
    short: Mapping[str, Counts] = field(default_factory=dict)
    long: Mapping[str, Counts] = field(default_factory=dict)
    total: Mapping[str, Counts] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)

    def seen(self, capability: str) -> Seen:
        windows = (self.short, self.long, self.total)
        return Seen(*(counts.get(capability, NOTHING) for counts in windows))


class Fleet(Protocol):
    async def exchange(self, told: Mapping[str, Counts], since: Mapping[str, float]) -> Shared:
        """Tells what one process saw lately, and is told what all did, of a capability in `since`
        no second that began before. Raises Away.
        """

    async def change(self, capability: str, old: State | None, new: State) -> bool:
        """False where it is no longer as of `old`: somebody else changed it. Raises Away."""

    async def record(self, incident: Incident) -> None:
        """Instead of one with the same id. Raises Away."""

    async def latest(self, most: int) -> list[Incident]:
        """The last ones first. Raises Away."""


class MemoryFleet:
    """A fleet of one process; its clock only goes on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead_s = clock.now().timestamp() - clock.monotonic_s()
        self._windows = Windows()
        self._incidents: dict[str, Incident] = {}
        self.states: dict[str, State] = {}

    def follow(self, shared: Shared) -> None:
        """From here on as all know it."""
        self._ahead_s = shared.now_s - self._clock.monotonic_s()
        self.states = dict(shared.states)

    def note(self, told: Mapping[str, Counts]) -> None:
        self._windows.add(self._now_s(), told)

    async def exchange(self, told: Mapping[str, Counts], since: Mapping[str, float]) -> Shared:
        self.note(told)
        now_s = self._now_s()
        short, long = (self._windows.sums(now_s, back_s, since) for back_s in (SHORT_S, LONG_S))
        return Shared(now_s, short, long, dict(self._windows.totals), dict(self.states))

    async def change(self, capability: str, old: State | None, new: State) -> bool:
        if self.states.get(capability) != old:
            return False
        self.states[capability] = new
        return True

    async def record(self, incident: Incident) -> None:
        self._incidents[incident.id] = incident
        for old in in_order(self._incidents.values())[MOST_INCIDENTS:]:
            del self._incidents[old.id]

    async def latest(self, most: int) -> list[Incident]:
        return in_order(self._incidents.values())[:most]

    def _now_s(self) -> float:
        return self._clock.monotonic_s() + self._ahead_s


def in_order(incidents: Iterable[Incident]) -> list[Incident]:
    """The last ones first."""
    return sorted(incidents, key=lambda one: (one.started_at, one.id), reverse=True)
