"""Who runs how much now: tenants, the classes in them and their viewers."""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

K = TypeVar("K")

NO_ROOM_WEIGHS = 8.0
"""What names no class is everybody's: of a tenant it has as large a share as so many classes."""

SHORT_TENANT, SHORT_CLASS = 2.0, 1.5
A_FEW = 5.0
"""So many beyond the slots are no overload, and where there are few slots nobody waits for them."""


class Party(NamedTuple):
    """For whom one operation runs; `room` is the class that it is about, if it names one."""

    tenant: str
    room: str | None
    user: str


class Shares:
    """Slots, not requests, are shared: whoever asks for what takes long gets it less often."""

    def __init__(self, weights: Mapping[str, float] | None = None) -> None:
        self._weights = weights or {}
        self._tenants: dict[str, int] = {}
        self._rooms: dict[tuple[str, str | None], int] = {}
        self._rooms_of: dict[str, int] = {}
        """How many classes of a tenant run anything: counted, as thousands ask for it at once."""
        self._viewers: dict[tuple[str, str], int] = {}

    def take(self, party: Party) -> None:
        tenant, room, user = party
        self._tenants[tenant] = self._tenants.get(tenant, 0) + 1
        held = self._rooms.get((tenant, room), 0)
        self._rooms[tenant, room] = held + 1
        if not held:
            self._rooms_of[tenant] = self._rooms_of.get(tenant, 0) + 1
        self._viewers[tenant, user] = self._viewers.get((tenant, user), 0) + 1

    def give(self, party: Party) -> None:
        tenant, room, user = party
        _less(self._tenants, tenant)
        _less(self._rooms, (tenant, room))
        if (tenant, room) not in self._rooms:
            _less(self._rooms_of, tenant)
        _less(self._viewers, (tenant, user))

    def of_tenant(self, tenant: str) -> float:
        return self._tenants.get(tenant, 0) / self._weights.get(tenant, 1.0)

    def of_room(self, tenant: str, room: str | None) -> float:
        held = self._rooms.get((tenant, room), 0)
        return held / NO_ROOM_WEIGHS if room is None else held

    def excess(self, party: Party, slots: float) -> float:
        """Times the slots that may be in use when this one begins.

        More than once where its class and viewer run less than an even share, or nothing; and
        more still where its tenant does so too.
        """
        tenant = party.tenant
        of_tenant = slots / max(1, len(self._tenants))
        even = of_tenant / max(1.0, self._weigh(tenant))
        runs = self.runs(party)
        if runs and runs >= even:
            return 1.0
        is_short = tenant not in self._tenants or self.of_tenant(tenant) < of_tenant
        return max(SHORT_TENANT if is_short else SHORT_CLASS, 1.0 + A_FEW / max(1.0, slots))

    def _weigh(self, tenant: str) -> float:
        """All of it that runs anything, in classes."""
        classes = self._rooms_of.get(tenant, 0)
        return classes + NO_ROOM_WEIGHS - 1 if (tenant, None) in self._rooms else classes

    def runs(self, party: Party) -> float:
        """Its class, or its viewer, whichever runs more."""
        tenant, room, user = party
        return max(self.of_room(tenant, room), float(self.of_viewer(tenant, user)))

    @property
    def are_many(self) -> bool:
        """More than one viewer runs something."""
        return len(self._viewers) > 1

    def is_alone(self, party: Party) -> bool:
        """Nobody but its viewer runs anything."""
        runs = self.of_viewer(party.tenant, party.user) > 0
        return len(self._viewers) == runs

    def of_viewer(self, tenant: str, user: str) -> int:
        return self._viewers.get((tenant, user), 0)


def _less(held: dict[K, int], key: K) -> None:
    """Who holds nothing is forgotten."""
    if held[key] == 1:
        del held[key]
    else:
        held[key] -= 1
