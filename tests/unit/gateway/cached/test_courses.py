"""Enrolments are kept as long as nobody takes one away, and not for who asks anew."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from gateway.cached.courses import CachedCourses
from gateway.cached.reader import Reader
from services.contracts.changes import enrolments_tag
from services.contracts.errors import UpstreamTimeout
from services.contracts.learning import Enrolment
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from tests.fakes.cached import Process
from tests.fakes.far import FakeFar
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import FakeCourses
from tests.fakes.tenant import add_tenant, viewer

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER_S = 120.0


@dataclass
class Failing(FakeCourses):
    """Answers until it `fails`."""

    fails: bool = False

    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        if self.fails:
            raise UpstreamTimeout("hung")
        return await super().enrolments(caller)


@dataclass
class Desk:
    """One process's courses, and a clock that a test moves."""

    platform: FakePlatform
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))

    def __post_init__(self) -> None:
        self.process = Process(FakeFar(self.clock), self.clock)
        self.source = Failing(self.platform)
        reader = Reader(self.process.cache, "legacy", 5.0, self.clock)
        self.courses = CachedCourses(self.source, reader)

    def caller(self) -> Caller:
        return Caller(viewer("acme"), Deadline.within(self.clock, 5.0))

    async def taken(self, *, anew: bool = False) -> list[Enrolment]:
        return await self.courses.enrolments(replace(self.caller(), anew=anew))


@pytest.fixture
def desk() -> Desk:
    platform = FakePlatform()
    add_tenant(platform, "acme")
    return Desk(platform)


async def test_who_asks_again_is_told_what_is_kept(desk: Desk) -> None:
    for _ in range(3):
        assert await desk.taken()

    assert desk.platform.calls["courses.enrolments"] == 1


async def test_who_asks_anew_is_told_by_the_source(desk: Desk) -> None:
    for _ in range(3):
        assert await desk.taken(anew=True)

    assert desk.platform.calls["courses.enrolments"] == 3


async def test_where_the_source_fails_what_nobody_has_changed_is_told(desk: Desk) -> None:
    known = await desk.taken()
    desk.source.fails = True
    desk.clock.advance(LATER_S)
    desk.process.heard.lives()

    assert await desk.taken() == known


async def test_it_is_not_told_where_changes_are_not_heard_of(desk: Desk) -> None:
    await desk.taken()
    desk.source.fails = True
    desk.clock.advance(LATER_S)

    with pytest.raises(UpstreamTimeout):
        await desk.taken()


async def test_nor_where_one_was_taken_away(desk: Desk) -> None:
    await desk.taken()
    desk.source.fails = True
    desk.process.heard.note(11, [enrolments_tag("acme", desk.caller().viewer.user)])
    desk.process.heard.lives()

    with pytest.raises(UpstreamTimeout):
        await desk.taken()
