"""One process's cache over entries that all share; what it hears, a test says."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.cache.counts import Layer, Read
from gateway.cache.far import Far
from gateway.cache.flights import Flights
from gateway.cache.heard import Heard
from gateway.cache.making import Making
from gateway.cache.near import Near
from gateway.cache.reading import Cache
from gateway.cache.store import Store
from services.kit.clock import Clock


@dataclass
class Tally:
    """Counts what reading came to."""

    of: Counter[Read] = field(default_factory=Counter)

    def read(self, came_to: Read, layer: Layer, operation: str | None) -> None:
        self.of[came_to] += 1


def never_early() -> float:
    """A dice that renews nothing before its end, and spreads it as late as may be."""
    return 1.0


class Process:
    def __init__(
        self,
        far: Far,
        clock: Clock,
        *,
        dice: Callable[[], float] = never_early,
        position: int = 10,
        near: Near | None = None,
    ) -> None:
        self.tally = Tally()
        self.heard = Heard(clock)
        self.heard.note(position, [])
        self.heard.lives()
        self.near = Near() if near is None else near
        self.store = Store(self.near, self.heard, clock, dice, self.tally)
        self.flights = Flights()
        self.making = Making(self.store, far, clock)
        self.cache = Cache(self.store, self.making, self.flights, self.tally)
