"""Who sees an attempt, and who supervises an assessment: by what is known of the viewer."""

import pytest
from msgspec.structs import replace

from resolvers.guards import judge, sees_attempt, supervises
from services.contracts.assessment import Attempt
from services.contracts.errors import FORBIDDEN, HIDDEN, Refused
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import (
    LEARNER,
    OPERATOR,
    OTHER,
    TEACHER,
    assessment_id,
    attempt_id,
    course_id,
    viewer,
)
from tests.unit.resolvers.guarded import PROCTOR, asking, two_courses


@pytest.fixture
def platform() -> FakePlatform:
    return two_courses()


def of_learner(platform: FakePlatform, *, preview: bool = False, course: int = 1) -> Attempt:
    found = platform.attempts[attempt_id("acme")]
    return replace(found, preview=preview, course_id=course_id("acme", course))


@pytest.mark.parametrize(
    ("who", "verdict"),
    [
        (viewer("acme", LEARNER), None),
        (viewer("acme", OTHER), HIDDEN),
        (viewer("acme", TEACHER), None),
        (viewer("acme", OPERATOR), None),
        (PROCTOR, None),
    ],
    ids=["its owner", "another learner", "who teaches", "who operates", "who proctors"],
)
async def test_an_attempt_is_seen_by_its_owner_and_by_staff(
    platform: FakePlatform, who: Viewer, verdict: Refused | None
) -> None:
    found = await judge([sees_attempt], asking(platform, who), [of_learner(platform)])

    assert found == [verdict]


async def test_who_teaches_another_course_does_not_see_it(platform: FakePlatform) -> None:
    del platform.enrolled[course_id("acme", 2)][("acme", TEACHER)]
    teacher = asking(platform, viewer("acme", TEACHER))

    found = await judge([sees_attempt], teacher, [of_learner(platform, course=2)])

    assert found == [HIDDEN]


@pytest.mark.parametrize("who", [viewer("acme", TEACHER), viewer("acme", OPERATOR), PROCTOR])
async def test_a_preview_is_its_owners_alone(platform: FakePlatform, who: Viewer) -> None:
    preview = of_learner(platform, preview=True)

    assert await judge([sees_attempt], asking(platform, who), [preview]) == [HIDDEN]
    assert await judge([sees_attempt], asking(platform, viewer("acme")), [preview]) == [None]


async def test_nobody_proctors_a_course_that_they_learn_in(platform: FakePlatform) -> None:
    platform.enrolled[course_id("acme")]["acme", PROCTOR.user] = Role.LEARNER
    proctor, exam = asking(platform, PROCTOR), platform.assessments[assessment_id("acme")]

    assert await judge([sees_attempt], proctor, [of_learner(platform)]) == [HIDDEN]
    assert await judge([supervises], proctor, [exam]) == [FORBIDDEN]


async def test_ones_own_is_judged_without_asking_anybody(platform: FakePlatform) -> None:
    own = asking(platform, viewer("acme"))

    await judge([sees_attempt], own, [of_learner(platform), of_learner(platform, course=2)])

    assert platform.calls["courses.enrolments"] == 0


@pytest.mark.parametrize(
    ("who", "verdict"),
    [
        (viewer("acme", LEARNER), FORBIDDEN),
        (viewer("acme", OTHER), HIDDEN),
        (viewer("acme", TEACHER), None),
        (viewer("acme", OPERATOR), None),
        (PROCTOR, None),
    ],
    ids=["who takes it", "a stranger", "who teaches", "who operates", "who proctors"],
)
async def test_submissions_are_for_those_who_teach_or_supervise(
    platform: FakePlatform, who: Viewer, verdict: Refused | None
) -> None:
    exam = platform.assessments[assessment_id("acme")]

    assert await judge([supervises], asking(platform, who), [exam]) == [verdict]
