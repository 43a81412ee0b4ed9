"""What a service fails to read is read at the monolith: once, that alone, and only where it may."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from flags.decide import Decision, Decisions
from flags.health import Counts, Health
from flags.names import CAPABILITIES, COURSE_READ, Side
from gateway.strangling.fallback import FallingBack, Reads
from services.contracts.errors import (
    HIDDEN,
    Refused,
    UpstreamError,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import NOW, viewer

AWAY, LATE = UpstreamUnreachable.refusal, UpstreamTimeout.refusal


@dataclass
class Port:
    """Says so of each id, or of everything."""

    says: Any
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    async def many(self, caller: Caller, ids: Sequence[int], *more: str) -> list[Any]:
        self.asked.append((list(ids), *more))
        if isinstance(self.says, UpstreamError):
            raise self.says
        return [self.says.get(one, one) for one in ids]

    async def own(self, caller: Caller) -> Any:
        self.asked.append(())
        if isinstance(self.says, UpstreamError):
            raise self.says
        return self.says


@dataclass
class Two:
    service: Port
    legacy: Port = field(default_factory=lambda: Port({1: "old 1", 2: "old 2", 3: "old 3"}))
    may: bool = True
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))

    @property
    def port(self) -> Any:
        return FallingBack(self.service, self.legacy, lambda: self.may, "course.read")

    def caller(self, left_s: float = 1.0) -> Caller:
        return Caller(viewer("acme"), Deadline.within(self.clock, left_s))


async def test_what_is_given_is_not_asked_for_again() -> None:
    two = Two(Port({1: HIDDEN}))

    assert await two.port.many(two.caller(), [1, 2]) == [HIDDEN, 2]
    assert two.legacy.asked == []


async def test_what_failed_is_asked_for_once_and_nothing_else_is() -> None:
    two = Two(Port({1: AWAY, 3: LATE}))

    assert await two.port.many(two.caller(), [1, 2, 3], "and more") == ["old 1", 2, "old 3"]
    assert (two.service.asked, two.legacy.asked) == (
        [([1, 2, 3], "and more")],
        [([1, 3], "and more")],
    )


@pytest.mark.parametrize("legacy", [Port({1: LATE, 2: AWAY}), Port(UpstreamTimeout("late"))])
async def test_what_both_fail_at_is_as_the_service_said(legacy: Port) -> None:
    two = Two(Port({1: AWAY, 2: AWAY}), legacy)

    assert await two.port.many(two.caller(), [1, 2]) == [AWAY, AWAY]
    assert len(legacy.asked) == 1


async def test_a_call_that_fails_as_a_whole_is_each_ones() -> None:
    two = Two(Port(UpstreamTimeout("late")))

    assert await two.port.many(two.caller(), [1, 2]) == ["old 1", "old 2"]
    two.may = False
    assert await two.port.many(two.caller(), [1, 2]) == [LATE, LATE]


@pytest.mark.parametrize("says", [AWAY, UpstreamTimeout("late")])
async def test_what_is_one_answer_is_asked_for_as_one(says: Refused | UpstreamError) -> None:
    two = Two(Port(says), Port("Anna"))

    assert await two.port.own(two.caller()) == "Anna"


@pytest.mark.parametrize(("may", "left_s"), [(False, 1.0), (True, 0.01)])
async def test_nobody_is_asked_who_may_not_be_or_has_no_time(may: bool, left_s: float) -> None:
    two = Two(Port({1: AWAY}), may=may)

    assert await two.port.many(two.caller(left_s), [1]) == [AWAY]
    with pytest.raises(UpstreamUnreachable):
        await replace(two, service=Port(UpstreamUnreachable("gone"))).port.own(two.caller(left_s))
    assert two.legacy.asked == []


def decided(side: Side) -> Decisions:
    return Decisions({one: Decision(side, "so it is") for one in CAPABILITIES.values()})


def test_what_may_not_fall_back_stays_as_it_is() -> None:
    service, legacy = (sources_of(FakePlatform()) for _ in range(2))

    served = Reads(Health(), lambda _: True).over(service, legacy)

    falling = {
        name
        for name in ("people", "courses", "assessments", "live_classes")
        if isinstance(getattr(served, name), FallingBack)
    }
    assert len(falling) == 4
    for name in set(service.__slots__) - falling:
        assert getattr(served, name) is getattr(service, name)


def test_a_request_counts_for_the_side_that_it_was_decided_for() -> None:
    reads = Reads(Health(), lambda _: True)
    for side in (Side.LEGACY, Side.SERVICE, Side.SERVICE):
        reads.note(decided(side))

    taken = reads.health.take()

    assert taken[COURSE_READ.name] == Counts(to_legacy=1, to_service=2)
    assert set(taken) == {"course.read", "progress.read", "live_class.schedule"}
