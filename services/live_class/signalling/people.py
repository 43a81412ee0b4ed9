"""Who may send to whom: where people are, looked up at most once a second for each of them."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from services.contracts.learning import Role
from services.kit.clock import Clock

KEPT_S = 1.0
MOST = 50_000


class Whereabouts(Protocol):
    """`breakout` is the number of theirs; None: in the class itself."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def region(self) -> str: ...
    @property
    def breakout(self) -> int | None: ...
    @property
    def is_teaching(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Present:
    """Those of the people asked about who have joined the class and not left."""

    people: Mapping[int, Whereabouts] = field(default_factory=dict)
    is_over: bool = False


Find: TypeAlias = Callable[[str, str, Collection[int]], Awaitable[Present]]
"""Looks it up: a tenant, a class of it, users."""
Known: TypeAlias = dict[int, tuple[float, Whereabouts]]
"""By user: what is known, and until when on the monotonic scale."""


def may_reach(one: Whereabouts, other: Whereabouts) -> bool:
    """Within one room; and who teaches reaches everybody, and is answered."""
    return one.breakout == other.breakout or one.is_teaching or other.is_teaching


class People:
    """What is known is kept for KEPT_S in this process.

    A move to another breakout holds at once in the process that did it, which says `moved`, and
    within KEPT_S in the others; so do joining, leaving and the end of the class. Whoever is not
    there is asked about again each time, since they may join at any moment.
    """

    def __init__(self, find: Find, clock: Clock) -> None:
        self._find = find
        self._clock = clock
        self._known: dict[tuple[str, str], Known] = {}
        self._count = 0
        self._moves = 0

    async def of(self, tenant: str, live_class: str, users: Collection[int]) -> Present:
        known = self._fresh((tenant, live_class), users)
        missing = [user for user in users if user not in known]
        if not missing:
            return Present(known)
        moves, began_s = self._moves, self._clock.monotonic_s()
        found = await self._find(tenant, live_class, missing)
        # Somebody may have been moved behind what was read.
        if moves == self._moves:
            self._keep((tenant, live_class), found.people, began_s + KEPT_S)
        return Present({**known, **found.people}, found.is_over)

    def moved(self, tenant: str, live_class: str) -> None:
        """Somebody was moved or has left, and that is committed."""
        self._moves += 1
        self._count -= len(self._known.pop((tenant, live_class), ()))

    def _fresh(self, place: tuple[str, str], users: Collection[int]) -> dict[int, Whereabouts]:
        known, now_s = self._known.get(place, {}), self._clock.monotonic_s()
        return {user: known[user][1] for user in users if user in known and known[user][0] > now_s}

    def _keep(
        self, place: tuple[str, str], found: Mapping[int, Whereabouts], until_s: float
    ) -> None:
        if self._count + len(found) > MOST:
            self._known, self._count = {}, 0
        known = self._known.setdefault(place, {})
        before = len(known)
        known.update({user: (until_s, there) for user, there in found.items()})
        self._count += len(known) - before
