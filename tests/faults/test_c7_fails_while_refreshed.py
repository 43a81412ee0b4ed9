"""C7: where a source fails, what is kept is served within its limit and says so; errors never."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from gateway.cache.ages import Terms
from gateway.cache.fetched import Fetched, Found, Outcome
from gateway.cache.making import Making
from gateway.cache.owner import Tenant
from gateway.cache.shelf import Shelf
from gateway.cache.verdict import Verdict, Way
from services.contracts.errors import ErrorCode, Refused, UpstreamTimeout
from services.contracts.ids import TenantId
from services.kit.clock import FakeClock
from tests.fakes.cached import Process
from tests.fakes.far import FakeFar
from tests.faults.registry import n
from tests.figures import Recorder

TERMS = Terms(fresh_s=60, stale_s=0, error_s=600)
SHELF = Shelf[str]("thing", str, TERMS)
OWNER = Tenant(TenantId("acme"))
GOOD, BAD = "good", "an error"
MOST_S = 60.0
PAST_FRESH_S = 100.0
PAST_ALL_S = 900.0
FAILURES: Sequence[Callable[[], Exception | Refused]] = [
    lambda: UpstreamTimeout("it fails"),
    lambda: Refused(ErrorCode.UPSTREAM_UNAVAILABLE, "it fails", retryable=True),
    lambda: RuntimeError("nobody thought of it"),
]
"""Made where they are raised: one that is raised again keeps the ways of all its raisings."""


@dataclass
class Came:
    """Of readings while and after the source failed."""

    spared: int = 0
    marked: int = 0
    too_old: int = 0
    errors_kept: int = 0
    recovered: int = 0


@dataclass
class Source:
    fails: bool = False
    calls: Counter[str] = field(default_factory=Counter)

    async def fetch(self, names: Sequence[str]) -> list[Fetched[str] | Refused]:
        """In a way of its own for each name."""
        self.calls.update(names)
        if not self.fails:
            return [Fetched(GOOD, ["thing"]) for _ in names]
        failure = FAILURES[int(names[0]) % len(FAILURES)]()
        if isinstance(failure, Refused):
            return [failure for _ in names]
        raise failure


async def test_c7_what_is_kept_is_served_and_errors_are_not(figure: Recorder) -> None:
    came = await failed_and_back(n("C7"))

    figure("C7", refreshes_failed=n("C7"), spared=came.spared, errors_kept=came.errors_kept)
    figure("C7", too_old=came.too_old, recovered=came.recovered)
    every = n("C7")
    assert came == Came(spared=every, marked=every, recovered=every)


async def test_c7_fails_without_a_careful_keeper(
    monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """A careless one keeps whatever it got."""
    careful = Making._outcome

    def keeps_all(
        self: Making, shelf: Shelf[str], key: object, item: object, *more: object
    ) -> object:
        got = item if isinstance(item, Fetched) else Fetched(BAD, ["thing"])
        return careful(self, shelf, key, got, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Making, "_outcome", keeps_all)

    came = await failed_and_back(30)

    figure("C7", errors_kept_by_a_careless_keeper=came.errors_kept)
    assert came.errors_kept > 0


async def failed_and_back(names: int) -> Came:
    """Kept, then refreshed in vain, within the limit and past it; then the source is back."""
    clock, source, came = FakeClock(datetime(2030, 1, 1, tzinfo=UTC)), Source(), Came()
    one = Process(FakeFar(clock), clock)
    for nth in range(names):
        name = str(nth)
        source.fails = False
        await read(one, source, name)
        source.fails = True
        clock.advance(PAST_FRESH_S)
        spared = await read(one, source, name)
        came.spared += isinstance(spared, Found) and spared.way is Way.SPARED
        came.marked += isinstance(spared, Found) and is_marked(spared)
        clock.advance(PAST_ALL_S)
        came.too_old += is_of(await read(one, source, name), GOOD)
        source.fails = False
        told = await read(one, source, name)
        came.errors_kept += is_of(told, BAD)
        came.recovered += is_of(told, GOOD)
    return came


async def read(one: Process, source: Source, name: str) -> Outcome[str]:
    one.heard.lives()
    [outcome] = await one.cache.many(SHELF, OWNER, [name], source.fetch, MOST_S)
    await one.flights.close()
    return outcome


def is_marked(found: Found[str]) -> bool:
    status = Verdict(found.way, found.age_s, found.left_s).status
    return found.left_s < 0 and "hit; detail=stale-if-error" in status


def is_of(outcome: Outcome[str], value: str) -> bool:
    return isinstance(outcome, Found) and outcome.value == value
