"""C14: whatever one tenant asks for, memory stays bounded and the others keep what they have."""

from collections import OrderedDict
from datetime import UTC, datetime
from random import Random

import psutil

from gateway.cache.ages import Terms
from gateway.cache.fetched import Fetched
from gateway.cache.key import Key
from gateway.cache.near import Held, Near
from gateway.cache.owner import Tenant
from gateway.cache.shelf import Shelf
from services.contracts.ids import TenantId
from services.kit.clock import FakeClock
from tests.fakes.cached import Process
from tests.fakes.far import FakeFar
from tests.faults.registry import n
from tests.figures import Recorder

SHELF = Shelf[str]("thing", str, Terms(fresh_s=3_600))
OTHERS = 10
THINGS = 200
"""Of each of the others, who ask for them at random."""
GREEDY = "greedy"
MOST_BYTES = 8_000_000
MOST_RSS_MB = 40
ROOM = "x" * 500
EVERY = 10
"""So many keys of the greedy one to each that another asks for."""
SEED = 14


class OneForAll(Near):
    """Those used last, whosever they are."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(most_bytes)
        self._all: OrderedDict[str, Held] = OrderedDict()

    def get(self, tenant: str, key: str) -> Held | None:
        held = self._all.get(key)
        if held is not None:
            self._all.move_to_end(key)
        return held

    def put(self, tenant: str, held: Held) -> None:
        self._all[held.entry.key] = held
        self.bytes += held.size
        while self.bytes > self._most_bytes:
            self.bytes -= self._all.popitem(last=False)[1].size


class Crowd:
    """Reads by key what is kept in one process; whoever misses keeps it."""

    def __init__(self, near: Near) -> None:
        self._clock = FakeClock(datetime(2030, 1, 1, tzinfo=UTC))
        self._process = Process(FakeFar(self._clock), self._clock, near=near)
        self._chance = Random(SEED)

    def hit_rate(self, reads: int, greedy: int) -> float:
        """Of the others, while the greedy one asks for so many keys beside each of theirs."""
        hits, asked = 0, 0
        for _ in range(reads):
            for _beside in range(greedy):
                asked += 1
                self._is_hit(GREEDY, f"{reads} {asked}")
            tenant = f"tenant {self._chance.randrange(OTHERS)}"
            hits += self._is_hit(tenant, str(self._chance.randrange(THINGS)))
        return hits / reads

    def _is_hit(self, tenant: str, name: str) -> bool:
        key, store = Key(Tenant(TenantId(tenant)), SHELF.kind, name), self._process.store
        if store.served(SHELF, key) is not None:
            return True
        store.keep(SHELF, key, Fetched(ROOM, ["thing"]), 10, 0.0)
        return False


def test_c14_the_others_keep_their_hits_and_memory_is_bounded(figure: Recorder) -> None:
    near = Near(MOST_BYTES)
    crowd = warm(near)
    before = crowd.hit_rate(n("C14") // EVERY, greedy=0)
    rss = rss_mb()
    beside = crowd.hit_rate(n("C14") // EVERY, greedy=EVERY)
    grown_mb = rss_mb() - rss

    lost = 100 * (before - beside)
    figure("C14", keys=n("C14"), points_lost=round(lost, 2), grown_mb=round(grown_mb, 1))
    figure("C14", near_mb=round(near.bytes / 1e6, 2))
    assert lost <= 2
    assert near.bytes <= MOST_BYTES
    assert grown_mb < MOST_RSS_MB


def test_c14_fails_without_an_order_for_each_tenant(figure: Recorder) -> None:
    crowd = warm(OneForAll(MOST_BYTES))
    before = crowd.hit_rate(5_000, greedy=0)
    lost = 100 * (before - crowd.hit_rate(5_000, greedy=EVERY))

    figure("C14", points_lost_with_one_order_for_all=round(lost, 2))
    assert lost > 2


def test_c14_fails_without_a_bound(figure: Recorder) -> None:
    near = Near(10**12)
    crowd = warm(near)
    crowd.hit_rate(2_000, greedy=EVERY)

    figure("C14", near_mb_without_a_bound=round(near.bytes / 1e6, 2))
    assert near.bytes > MOST_BYTES


def warm(near: Near) -> Crowd:
    crowd = Crowd(near)
    crowd.hit_rate(20_000, greedy=0)
    return crowd


def rss_mb() -> float:
    return psutil.Process().memory_info().rss / 1e6
