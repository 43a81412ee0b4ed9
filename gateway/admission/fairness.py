"""Who of those that wait is next, and who goes where there is no room to wait.

By priority first; then whichever tenant runs the least for its weight, of it the class that runs
the least, and of that its viewers in turns. So what nobody else wants is anybody's (max-min), and
neither a thousand queries of one viewer nor the herd of one class pushes the others back.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice

from gateway.admission.priority import Priority
from gateway.admission.shares import Party, Shares

MOST, MOST_EXAMS = 512, 4_000
"""So many wait in a process; where a whole hall begins at once, each of them has a place."""
MOST_A_VIEWER = 16
MOST_LOOKED_AT = 50
"""Viewers of a class who may not run yet, before the next class is looked at."""


@dataclass(eq=False, slots=True)
class Waiter:
    """`granted` is true once it runs, false where it was sent away."""

    party: Party
    priority: Priority
    granted: "asyncio.Future[bool]"
    waits: bool = False


@dataclass(eq=False, slots=True)
class Room:
    """Waiters of one class by viewer; the viewer who is next stands first."""

    turn: int
    lines: dict[str, dict[Waiter, None]] = field(default_factory=dict)
    size: int = 0


@dataclass(eq=False, slots=True)
class Tenant:
    turn: int
    rooms: dict[str | None, Room] = field(default_factory=dict)
    size: int = 0


class Lines:
    """Waiters of one priority."""

    def __init__(self, shares: Shares, turns: "count[int]") -> None:
        self._shares = shares
        self._turns = turns
        self._tenants: dict[str, Tenant] = {}
        self.size = 0

    def add(self, waiter: Waiter) -> None:
        tenant_name, room_name, user = waiter.party
        tenant = self._tenants.get(tenant_name)
        if tenant is None:
            tenant = self._tenants[tenant_name] = Tenant(next(self._turns))
        room = tenant.rooms.get(room_name)
        if room is None:
            room = tenant.rooms[room_name] = Room(next(self._turns))
        room.lines.setdefault(user, {})[waiter] = None
        waiter.waits = True
        room.size, tenant.size, self.size = room.size + 1, tenant.size + 1, self.size + 1

    def remove(self, waiter: Waiter) -> None:
        tenant_name, room_name, user = waiter.party
        tenant = self._tenants[tenant_name]
        room = tenant.rooms[room_name]
        line = room.lines[user]
        del line[waiter]
        waiter.waits = False
        room.size, tenant.size, self.size = room.size - 1, tenant.size - 1, self.size - 1
        if not line:
            del room.lines[user]
        if not room.size:
            del tenant.rooms[room_name]
        if not tenant.size:
            del self._tenants[tenant_name]

    def next(self, may: Callable[[Waiter], bool]) -> Waiter | None:
        """The first, in fairness, of those who may run; it waits no longer."""
        for tenant, room, user in self._in_order():
            waiter = next(iter(room.lines[user]))
            if may(waiter):
                tenant.turn = room.turn = next(self._turns)
                # The others of the class are before this viewer's next.
                room.lines[user] = room.lines.pop(user)
                self.remove(waiter)
                return waiter
        return None

    def newest_of_the_most(self) -> Waiter:
        """Of the tenant, and of it the class, of which the most wait."""
        tenant = max(self._tenants.values(), key=lambda one: one.size)
        room = max(tenant.rooms.values(), key=lambda one: one.size)
        line = max(reversed(room.lines.values()), key=len)
        return next(reversed(line))

    def _in_order(self) -> Iterator[tuple[Tenant, Room, str]]:
        shares = self._shares
        tenants = [(shares.of_tenant(name), one.turn, name) for name, one in self._tenants.items()]
        for *_, name in sorted(tenants):
            tenant = self._tenants[name]
            rooms = [
                (self._of_room(name, room_name, room), room.turn, room)
                for room_name, room in tenant.rooms.items()
            ]
            for *_, room in sorted(rooms, key=lambda one: one[:2]):
                for user in list(islice(room.lines, MOST_LOOKED_AT)):
                    yield tenant, room, user

    def _of_room(self, tenant: str, name: str | None, room: Room) -> float:
        """Also what its next viewer runs elsewhere: classes named at random are no way round."""
        viewer = next(iter(room.lines))
        shares = self._shares
        return max(shares.of_room(tenant, name), float(shares.of_viewer(tenant, viewer)))


class Queue:
    """All who wait in this process."""

    def __init__(self, shares: Shares) -> None:
        turns = count(1)
        self._lines = {priority: Lines(shares, turns) for priority in Priority}
        self._viewers: Counter[tuple[str, str]] = Counter()

    def __len__(self) -> int:
        return self._viewers.total()

    def join(self, waiter: Waiter, *, is_crowded: bool = True) -> Waiter | None:
        """Who goes for it: nobody, another who is less entitled to wait, or this one itself.

        `is_crowded`: there is no room for all who wait.
        """
        if is_crowded and self._viewers[_viewer(waiter)] >= MOST_A_VIEWER:
            return waiter
        self._lines[waiter.priority].add(waiter)
        self._viewers[_viewer(waiter)] += 1
        most = MOST_EXAMS if waiter.priority is Priority.EXAM else MOST
        if len(self) <= most:
            return None
        least = next(one for one in reversed(self._lines.values()) if one.size)
        goes = least.newest_of_the_most()
        self.leave(goes)
        return goes

    def is_first(self, priority: Priority) -> bool:
        """Nobody more important waits."""
        return not any(lines.size for one, lines in self._lines.items() if one < priority)

    def leave(self, waiter: Waiter) -> None:
        self._lines[waiter.priority].remove(waiter)
        self._count_out(waiter)

    def next(self, may: Callable[[Waiter], bool]) -> Waiter | None:
        for lines in self._lines.values():
            found = lines.next(may) if lines.size else None
            if found is not None:
                self._count_out(found)
                return found
        return None

    def _count_out(self, waiter: Waiter) -> None:
        viewer = _viewer(waiter)
        self._viewers[viewer] -= 1
        if not self._viewers[viewer]:
            del self._viewers[viewer]


def _viewer(waiter: Waiter) -> tuple[str, str]:
    return waiter.party.tenant, waiter.party.user
