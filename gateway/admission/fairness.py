"""Who of those that wait is next, and who goes where there is no room to wait.

By priority first; then whichever tenant runs the least for its weight, of it the class that runs
the least, and of that its viewers in turns, first of all who goes on with what they began. So what
nobody else wants is anybody's (max-min), and neither a thousand queries of one viewer nor the herd
of one class pushes the others back.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from math import inf
from typing import TypeVar

from gateway.admission.going_on import GoingOn
from gateway.admission.priority import Priority
from gateway.admission.shares import Party, Shares

K = TypeVar("K")
V = TypeVar("V")

MOST, MOST_EXAMS = 512, 4_000
"""So many wait in a process; where a whole hall begins at once, each of them has a place."""
MOST_A_VIEWER = 16
MOST_LOOKED_AT = 50
"""Viewers of a class who may not run yet, before the next class is looked at."""


@dataclass(eq=False, slots=True)
class Waiter:
    """`granted` is true once it runs, false where it was sent away; `goes_on` with what its viewer
    began in this class. Since `line_since_s` its class has waited without a pause.
    """

    party: Party
    priority: Priority
    granted: "asyncio.Future[bool]"
    waits: bool = False
    goes_on: bool = False
    line_since_s: float = 0.0


@dataclass(eq=False, slots=True)
class Room:
    """Waiters of one class by viewer; the viewer who is next stands first."""

    since_s: float
    lines: OrderedDict[str, dict[Waiter, None]] = field(default_factory=OrderedDict)
    size: int = 0


@dataclass(eq=False, slots=True)
class Tenant:
    """Its classes; whose turn was last stands last."""

    rooms: dict[str | None, Room] = field(default_factory=dict)
    size: int = 0


class Lines:
    """Waiters of one priority."""

    def __init__(self, shares: Shares) -> None:
        self._shares = shares
        self._tenants: dict[str, Tenant] = {}
        self.size = 0

    def add(self, waiter: Waiter, now_s: float) -> None:
        tenant_name, room_name, user = waiter.party
        tenant = self._tenants.setdefault(tenant_name, Tenant())
        room = tenant.rooms.setdefault(room_name, Room(now_s))
        if user not in room.lines:
            room.lines[user] = {}
            if waiter.goes_on:
                room.lines.move_to_end(user, last=False)
        room.lines[user][waiter] = None
        waiter.waits, waiter.line_since_s = True, room.since_s
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
        for tenant in sorted(self._tenants, key=self._shares.of_tenant):
            found = self._next_of(tenant, may)
            if found is not None:
                self._serve(found)
                return found
        return None

    def newest_of_the_most(self) -> Waiter:
        """Of the tenant, and of it the class, of which the most wait."""
        tenant = max(self._tenants.values(), key=lambda one: one.size)
        room = max(tenant.rooms.values(), key=lambda one: one.size)
        line = max(reversed(room.lines.values()), key=len)
        return next(reversed(line))

    def _next_of(self, tenant: str, may: Callable[[Waiter], bool]) -> Waiter | None:
        """Where one may not who runs nothing, no other may whose class runs as much, or who does.

        A herd is judged by few of it. But for who is alone: nobody suffers from them.
        """
        shares, refused = self._shares, inf
        for waiter in self._in_order(tenant):
            is_alone = shares.is_alone(waiter.party)
            if not is_alone and shares.runs(waiter.party) >= refused:
                continue
            if may(waiter):
                return waiter
            if not is_alone and not shares.of_viewer(tenant, waiter.party.user):
                refused = shares.runs(waiter.party)
            if not refused and shares.are_many:
                break
        return None

    def _serve(self, waiter: Waiter) -> None:
        """Its viewer, class and tenant had their turn."""
        tenant_name, room_name, user = waiter.party
        tenant = self._tenants[tenant_name]
        _have_turned(self._tenants, tenant_name)
        _have_turned(tenant.rooms, room_name)
        _have_turned(tenant.rooms[room_name].lines, user)
        self.remove(waiter)

    def _in_order(self, tenant: str) -> Iterator[Waiter]:
        """Nobody is before the first class that runs nothing: others are compared if it may not."""
        rooms = self._tenants[tenant].rooms
        idle = list(islice((name for name in rooms if not self._of_room(tenant, name)), 1))
        for name in idle:
            yield from _viewers_of(rooms[name])
        others = [name for name in rooms if name not in idle]
        for name in sorted(others, key=partial(self._of_room, tenant)):
            yield from _viewers_of(rooms[name])

    def _of_room(self, tenant: str, name: str | None) -> float:
        """Also what its next viewer runs elsewhere: classes named at random are no way round."""
        viewer = next(iter(self._tenants[tenant].rooms[name].lines))
        return self._shares.runs(Party(tenant, name, viewer))


def _viewers_of(room: Room) -> Iterator[Waiter]:
    return (next(iter(line)) for line in islice(room.lines.values(), MOST_LOOKED_AT))


def _have_turned(kept: dict[K, V], key: K) -> None:
    kept[key] = kept.pop(key)


class Queue:
    """All who wait in this process."""

    def __init__(self, shares: Shares) -> None:
        self._going_on = GoingOn()
        self._lines = {priority: Lines(shares) for priority in Priority}
        self._viewers: Counter[tuple[str, str]] = Counter()

    def __len__(self) -> int:
        return self._viewers.total()

    def join(self, waiter: Waiter, now_s: float, *, is_crowded: bool = True) -> Waiter | None:
        """Who goes for it: nobody, another who is less entitled to wait, or this one itself.

        `is_crowded`: there is no room for all who wait.
        """
        if is_crowded and self._viewers[_viewer(waiter)] >= MOST_A_VIEWER:
            return waiter
        waiter.goes_on = self._going_on.knows(waiter.party)
        self._lines[waiter.priority].add(waiter, now_s)
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

    def let_in(self, party: Party, *, came_first: bool = False) -> None:
        """It runs now, whether or not it waited."""
        self._going_on.let_in(party, came_first=came_first)

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
