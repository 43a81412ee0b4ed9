"""When those who were refused may come again: of each class one after the other."""

from collections import OrderedDict

from services.kit.clock import Clock

LONGEST_S = 15.0
TIMES = 2.0
"""So many times as many come again as are served: some of them will be refused once more."""
LEAST_PER_S = 20.0
LEARNS_EVERY_S = 1.0
MOST_CLASSES = 1_000


class Returning:
    """Each has a moment of its own.

    A herd of thousands that is told to come again in a second does nothing else than be refused,
    and takes from those who are served the time to serve them.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next_s: OrderedDict[tuple[str, str | None], float] = OrderedDict()
        """By tenant and class; whoever was refused last stands last."""
        self._served = 0
        self._per_s = LEAST_PER_S
        self._since_s = clock.monotonic_s()

    def served(self) -> None:
        """One that was let in is done."""
        self._served += 1

    def after_s(self, tenant: str, room: str | None) -> float:
        """From now on until the next of this class may; LONGEST_S at most."""
        now_s = self._clock.monotonic_s()
        self._learn(now_s)
        booked_s = max(now_s, self._next_s.pop((tenant, room), now_s)) + 1 / self._per_s
        self._next_s[tenant, room] = booked_s = min(booked_s, now_s + LONGEST_S)
        if len(self._next_s) > MOST_CLASSES:
            self._next_s.popitem(last=False)
        return booked_s - now_s

    def _learn(self, now_s: float) -> None:
        took_s = now_s - self._since_s
        if took_s >= LEARNS_EVERY_S:
            self._per_s = max(LEAST_PER_S, TIMES * self._served / took_s)
            self._served, self._since_s = 0, now_s
