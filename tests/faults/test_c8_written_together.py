"""C8: what was written in one second does not end in one second."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from gateway.cache import store
from gateway.cache.ages import JITTER, Terms
from gateway.cache.fetched import Fetched
from gateway.cache.key import Key
from gateway.cache.near import Near
from gateway.cache.owner import Tenant
from gateway.cache.shelf import Shelf
from services.contracts.ids import TenantId
from services.kit.clock import FakeClock
from tests.fakes.cached import Process
from tests.fakes.far import FakeFar
from tests.faults.registry import n
from tests.figures import Recorder

FRESH_S = 60.0
SHELF = Shelf[int]("thing", int, Terms(fresh_s=FRESH_S))
OWNER = Tenant(TenantId("acme"))
FETCHED = Fetched(0, ["thing"])
SEED = 8
BUCKETS = 11
"""Of a second and a bit, over the time in which entries end."""


def test_c8_they_end_spread_over_a_fifth_of_their_time(figure: Recorder) -> None:
    ratio = peak_to_mean(n("C8"))

    figure("C8", keys=n("C8"), peak_to_mean=round(ratio, 3))
    assert ratio <= 1.5


def test_c8_fails_without_the_spread(monkeypatch: pytest.MonkeyPatch, figure: Recorder) -> None:
    monkeypatch.setattr(store, "spread", lambda fresh_s, _: fresh_s)

    ratio = peak_to_mean(10_000)

    figure("C8", peak_to_mean_without_the_spread=round(ratio, 3))
    assert ratio > 1.5


def peak_to_mean(keys: int) -> float:
    """Of how many are made anew in a bucket: all are asked for again as soon as they end."""
    clock, chance = FakeClock(datetime(2030, 1, 1, tzinfo=UTC)), Random(SEED)
    one = Process(FakeFar(clock), clock, dice=lambda: 1 - chance.random(), near=Near(1))
    ends: Counter[int] = Counter()
    began_s = FRESH_S * (1 - JITTER)
    for nth in range(keys):
        clock.advance(1 / keys)
        found = one.store.keep(SHELF, Key(OWNER, SHELF.kind, str(nth)), FETCHED, 10, 0.0)
        ends[int((clock.monotonic_s() + found.left_s - began_s) // width_s())] += 1
    return max(ends.values()) / (keys / BUCKETS)


def width_s() -> float:
    """The second in which they are written counts to the time in which they end."""
    return (2 * JITTER * FRESH_S + 1) / BUCKETS
