"""Who is decided alike has the same sources, and who is not has others."""

from typing import cast

import pytest

from flags.client import Flags
from flags.decide import Decision, Decisions
from flags.health import Health
from flags.names import CAPABILITIES, COURSE_READ, PROGRESS_READ, Capability, Side
from flags.pins import MemoryPins
from gateway.attempts.sides import AttemptSides
from gateway.classroom.sides import ClassroomSides
from gateway.lessons import CoursesOfLessons
from gateway.sides import Sides
from gateway.strangling.fallback import Reads
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock
from tests.fakes.named_service import NamedService
from tests.fakes.named_side import NamedSide
from tests.fakes.no_copies import NoCopies
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import LEARNER, NOW, OTHER, TEACHER, viewer
from tests.fakes.writes import FakeWrites


class Turned:
    """Flags of which one is on for some."""

    def __init__(self) -> None:
        self.on: dict[str, set[Capability]] = {
            LEARNER: {COURSE_READ},
            OTHER: {COURSE_READ},
            TEACHER: {PROGRESS_READ},
        }

    def decide(self, who: Viewer) -> Decisions:
        on = self.on.get(who.user, set())
        return Decisions(
            {
                one: Decision(Side.SERVICE if one in on else Side.LEGACY, f"{who.user} is asked")
                for one in CAPABILITIES.values()
            }
        )


@pytest.fixture
def flags() -> Turned:
    return Turned()


@pytest.fixture
def sides(flags: Turned) -> Sides:
    clock, turned = FakeClock(NOW), cast("Flags", flags)
    legacy, service = sources_of(FakePlatform()), sources_of(FakePlatform())
    pins = MemoryPins(clock)
    return Sides(
        legacy,
        service,
        AttemptSides(NamedSide("legacy"), NamedService(), pins, NoCopies()),
        ClassroomSides(legacy.classrooms, service.classrooms, pins, turned, clock),
        turned,
        Reads(Health(), lambda _: False),
        service,
        pins,
        CoursesOfLessons(),
        FakeWrites(clock),
        clock,
    )


def test_who_is_decided_alike_has_the_same_sources(sides: Sides) -> None:
    assert sides.sources_for(viewer("acme", LEARNER)) is sides.sources_for(viewer("acme", OTHER))


def test_who_is_decided_otherwise_has_others(sides: Sides) -> None:
    one, other = (sides.sources_for(viewer("acme", user)) for user in (LEARNER, TEACHER))

    assert (one.courses, other.courses) == (sides.service.courses, sides.legacy.courses)
    assert one.progress != other.progress


def test_a_flag_that_is_turned_counts_from_the_next_request_on(sides: Sides, flags: Turned) -> None:
    before = sides.sources_for(viewer("acme", LEARNER))
    flags.on[LEARNER] = set()
    behind = sides.sources_for(viewer("acme", LEARNER))

    assert (before.courses, behind.courses) == (sides.service.courses, sides.legacy.courses)
