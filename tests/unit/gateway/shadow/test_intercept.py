"""Every read of the ports is answered by the old side, and asked of the service beside it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from flags.client import Flags
from flags.names import (
    ASSESSMENT_READ,
    COURSE_READ,
    LIVE_CLASS_SCHEDULE,
    PROGRESS_READ,
)
from gateway.shadow.intercept import shadowed
from gateway.shadow.intercept_attempts import ShadowedAttempts
from gateway.shadow.judging import SERVICES, Asking, AtOnce, Verdict
from gateway.shadow.shadow import Shadow
from resolvers import ports
from resolvers.ports import Sources
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import (
    LEARNER,
    NOW,
    TEACHER,
    add_tenant,
    assessment_id,
    class_id,
    course_id,
    learner_id,
    lesson_id,
    viewer,
)
from tests.faults.shadowed import compare_for_all
from tests.integration.monolith.waiting import until
from tests.unit.gateway.shadow.test_shadow import Noted

CLOCK = SystemClock()
COURSE, EXAM = course_id("acme"), assessment_id("acme")
PAIR = (COURSE, learner_id("acme"))
FROM, TO = NOW, datetime.max.replace(tzinfo=NOW.tzinfo)
Read = Callable[[Sources, Caller], Awaitable[Any]]

READS: dict[str, Read] = {
    "people.me": lambda s, c: s.people.me(c),
    "people.learners": lambda s, c: s.people.learners(c, [learner_id("acme")]),
    "courses.enrolments": lambda s, c: s.courses.enrolments(c),
    "courses.many": lambda s, c: s.courses.many(c, [COURSE]),
    "courses.outlines": lambda s, c: s.courses.outlines(c, [COURSE]),
    "courses.lessons": lambda s, c: s.courses.lessons(c, [lesson_id("acme")]),
    "courses.completed": lambda s, c: s.courses.completed(c, [COURSE]),
    "courses.rosters": lambda s, c: s.courses.rosters(c, [COURSE], 5, None),
    "progress.mine": lambda s, c: s.progress.mine(c, [COURSE]),
    "progress.of_learners": lambda s, c: s.progress.of_learners(c, [PAIR]),
    "assessments.of_courses": lambda s, c: s.assessments.of_courses(c, [COURSE]),
    "assessments.many": lambda s, c: s.assessments.many(c, [EXAM]),
    "assessments.items": lambda s, c: s.assessments.items(c, [EXAM]),
    "live_classes.of_courses": lambda s, c: s.live_classes.of_courses(c, [COURSE], None, None),
    "live_classes.agenda": lambda s, c: s.live_classes.agenda(c, FROM, TO),
    "live_classes.many": lambda s, c: s.live_classes.many(c, [class_id("acme")]),
    "attempts.mine": lambda s, c: s.attempts.mine(c, [EXAM]),
    "attempts.windows": lambda s, c: s.attempts.windows(c, [EXAM]),
    "attempts.submissions": lambda s, c: s.attempts.submissions(c, [EXAM], 5, None, []),
    "attempts.submission_counts": lambda s, c: s.attempts.submission_counts(c, [EXAM]),
    "attempts.scores": lambda s, c: s.attempts.scores(c, [PAIR]),
}
PORTS = {
    "people": ports.People,
    "courses": ports.Courses,
    "progress": ports.ProgressSource,
    "assessments": ports.Assessments,
    "live_classes": ports.LiveClasses,
    "attempts": ports.Attempts,
}
ALONE = {"attempts.many"}
"""A single attempt is told where it began."""


def platform() -> FakePlatform:
    made = FakePlatform()
    add_tenant(made, "acme")
    return made


def test_no_read_of_a_port_is_forgotten() -> None:
    known = {
        f"{name}.{method}"
        for name, port in PORTS.items()
        for method in vars(port)
        if method[0] != "_"
    }

    assert known - ALONE == READS.keys()


@pytest.mark.parametrize("name", READS)
async def test_a_read_is_answered_by_the_old_side_and_compared(name: str, tmp_path: Path) -> None:
    for capability in SERVICES:
        compare_for_all(tmp_path, capability)
    legacy, service, noted = sources_of(platform()), sources_of(platform()), Noted()
    judge = AtOnce(Asking(legacy, service, CLOCK, 1.0))
    shadow = Shadow(legacy, Flags(tmp_path), judge, noted)
    sides = shadowed(legacy, shadow)
    wrapped = replace(sides, attempts=ShadowedAttempts(legacy.attempts, shadow))
    who = LEARNER if name == "attempts.windows" else TEACHER
    caller = Caller(viewer("acme", who), Deadline.within(CLOCK, 5.0))

    answer = await READS[name](wrapped, caller)

    assert answer == await READS[name](legacy, caller)
    await until(lambda: _is_noted(noted))
    assert noted.verdicts == [Verdict.SAME]
    assert noted.asked == [(name, _capability(name))]
    await shadow.close()


@pytest.mark.parametrize(
    ("name", "role"),
    [("attempts.windows", Role.TEACHER), ("attempts.mine", Role.PROCTOR)],
)
async def test_where_the_sides_are_known_to_differ_nothing_is_compared(
    name: str, role: Role, tmp_path: Path
) -> None:
    compare_for_all(tmp_path, ASSESSMENT_READ)
    legacy, noted = sources_of(platform()), Noted()
    judge = AtOnce(Asking(legacy, legacy, CLOCK, 1.0))
    shadow = Shadow(legacy, Flags(tmp_path), judge, noted, most_at_once=0)
    wrapped = replace(legacy, attempts=ShadowedAttempts(legacy.attempts, shadow))
    who = Viewer(TenantId("acme"), UserId(TEACHER), frozenset({role}))
    caller = Caller(who, Deadline.within(CLOCK, 5.0))

    answer = await READS[name](wrapped, caller)

    assert answer == await READS[name](legacy, caller)
    assert noted.dropped_ == 0


async def _is_noted(noted: Noted) -> bool:
    return bool(noted.found)


def _capability(name: str) -> object:
    of = {
        "progress": PROGRESS_READ,
        "live_classes": LIVE_CLASS_SCHEDULE,
        "attempts": ASSESSMENT_READ,
    }
    return of.get(name.partition(".")[0], COURSE_READ)
