"""Who sees what somebody has in a course: they themselves, and who teaches there."""

import pytest

from resolvers.guards import Guard, judge, sees_progress
from services.contracts.errors import FORBIDDEN, Refused
from services.contracts.learning import Progress
from services.contracts.viewer import Viewer
from tests.fakes.asking import ask
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import (
    LEARNER,
    OPERATOR,
    OTHER,
    TEACHER,
    course_id,
    viewer,
)
from tests.unit.resolvers.guarded import PROCTOR, asking, two_courses

PAGE = """{ course(id: "COURSE") { roster { edges { node {
    learner { name } progress { score { raw max scaled } } } } } } }"""
OWN = '{ course(id: "COURSE") { progress { score { raw max scaled provisional } } } }'


@pytest.fixture
def platform() -> FakePlatform:
    return two_courses()


def of_learner(platform: FakePlatform, course: int = 1) -> Progress:
    found = platform.progress(("acme", LEARNER), course_id("acme", course))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("who", "verdict"),
    [
        (viewer("acme", LEARNER), None),
        (viewer("acme", OTHER), FORBIDDEN),
        (viewer("acme", TEACHER), None),
        (viewer("acme", OPERATOR), None),
        (PROCTOR, FORBIDDEN),
    ],
    ids=["the learner", "another learner", "who teaches", "who operates", "who proctors"],
)
async def test_a_learner_never_reads_anothers_score(
    platform: FakePlatform, who: Viewer, verdict: Refused | None
) -> None:
    assert await judge([sees_progress], asking(platform, who), [of_learner(platform)]) == [verdict]


async def test_a_learner_never_reads_anothers_score_fails_without_the_guard(
    platform: FakePlatform,
) -> None:
    nobody = Guard("nobody", lambda ctx, parents: [None] * len(parents))
    other = asking(platform, viewer("acme", OTHER))

    assert await judge([nobody], other, [of_learner(platform)]) != [FORBIDDEN]


async def test_who_teaches_another_course_does_not_see_it(platform: FakePlatform) -> None:
    del platform.enrolled[course_id("acme", 2)][("acme", TEACHER)]
    teacher = asking(platform, viewer("acme", TEACHER))

    found = await judge([sees_progress], teacher, [of_learner(platform), of_learner(platform, 2)])

    assert found == [None, FORBIDDEN]


async def test_ones_own_is_judged_without_asking_anybody(platform: FakePlatform) -> None:
    own = asking(platform, viewer("acme"))

    await judge([sees_progress], own, [of_learner(platform), of_learner(platform, 2)])

    assert platform.calls["courses.enrolments"] == 0


async def test_the_scores_of_a_page_of_learners_are_asked_for_at_once(
    platform: FakePlatform,
) -> None:
    query = PAGE.replace("COURSE", course_id("acme"))

    answer = await ask(platform, viewer("acme", TEACHER), query)

    assert answer.errors is None
    assert answer.data is not None
    assert len(answer.data["course"]["roster"]["edges"]) > 0
    assert platform.calls["attempts.scores"] == 1


async def test_a_learner_is_told_their_own(platform: FakePlatform) -> None:
    query = OWN.replace("COURSE", course_id("acme"))

    answer = await ask(platform, viewer("acme"), query)

    assert answer.errors is None
    assert answer.data is not None
    score = answer.data["course"]["progress"]["score"]
    assert 0 <= score["scaled"] <= 1
