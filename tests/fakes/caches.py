"""A cache as one process has it, without what it hears of changes."""

from gateway.cache.ages import Terms
from gateway.cache.counts import Uncounted
from gateway.cache.far import Far
from gateway.cache.flights import Flights
from gateway.cache.heard import Heard
from gateway.cache.making import Making
from gateway.cache.near import Near
from gateway.cache.reading import Cache
from gateway.cache.shelf import Shelf
from gateway.cache.store import Store
from services.kit.clock import Clock

TEXTS = Shelf[str]("text", str, Terms(60.0))
NEVER_EARLY = 1.0


def cache_over(far: Far, clock: Clock) -> Cache:
    store = Store(Near(), Heard(clock), clock, lambda: NEVER_EARLY)
    return Cache(store, Making(store, far, clock), Flights(), Uncounted())
