"""What the contract says may be shared is the same for everybody, whichever side answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.operation.document import Documents
from gateway.operation.keeping import Keeping
from legacy.monolith import seed
from legacy.monolith.database import Connection
from schema.contract import core_schema
from services.contracts.ids import Kind, encode
from tests.integration.monolith.school import (
    LEARNER,
    OPERATOR,
    OTHER_LEARNER,
    TEACHER,
    School,
    school,
)
from tests.integration.monolith.waiting import until
from tests.sides import READS, turn
from tests.stack import Stack
from tests.system import NUMBERS, System

EVERYBODY = {
    LEARNER: "LEARNER",
    OTHER_LEARNER: "LEARNER",
    TEACHER: "TEACHER",
    OPERATOR: "OPERATOR",
}
OF_ALL = """query ($course: ID!, $quiz: ID!) {
  course(id: $course) {
    id title code
    outline { id title lessons { id title kind %s } }
    liveClasses { id title startsAt endsAt teacher { id name } course { title } }
    assessments { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id title
      kind opensAt closesAt timeLimit grace attemptsAllowed scoringPolicy weight
      items { id prompt kind points choices { id label } } } } }
  }
  assessment(id: $quiz) { title weight items { prompt choices { label } } }
}"""
SHARED = OF_ALL % ""
WITH_OWN = OF_ALL % "completed"
COMPLETE = """mutation ($lesson: ID!) {
  completeLesson(input: { lessonId: $lesson, key: "one" }) { __typename } }"""


@pytest.fixture
async def campus(monolith_db: Connection) -> School:
    made = await school(monolith_db, f"shared-{next(NUMBERS)}")
    begins = datetime.now(UTC).replace(microsecond=0, tzinfo=None) + timedelta(days=1)
    ends = begins + timedelta(hours=1)
    await seed.live_class(monolith_db, made.tenant, made.course, begins, ends, teacher=TEACHER)
    return made


def keeping(query: str) -> Keeping:
    return Documents(core_schema()).read(query).operation(None).keeping


async def all_told(system: System, campus: School, query: str) -> list[Any]:
    """One of them has done a lesson."""
    things = {
        "course": encode(Kind.COURSE, campus.tenant, campus.course),
        "quiz": encode(Kind.ASSESSMENT, campus.tenant, campus.quiz),
    }
    anna = system.someone(campus.tenant, LEARNER)
    lesson = encode(Kind.LESSON, campus.tenant, campus.lessons[0])
    await anna.ask(COMPLETE, lesson=lesson)

    async def is_whole() -> bool:
        data = (await anna.answer(WITH_OWN, **things)).get("data") or {}
        course: dict[str, Any] = data.get("course") or {}
        outline = course.get("outline") or [{"lessons": [{}]}]
        is_done = outline[0]["lessons"][0].get("completed")
        pages = course.get("assessments") or {}
        return bool(is_done and pages.get("edges") and course.get("liveClasses"))

    async def is_everybody_in() -> bool:
        """The new side hears of each one's enrolment by itself."""
        told = [
            (await system.someone(campus.tenant, who, role).answer(SHARED, **things)).get("data")
            for who, role in EVERYBODY.items()
        ]
        return all(data and data["course"] for data in told)

    await until(is_whole, most_s=30)
    await until(is_everybody_in, most_s=30)
    return [
        await system.someone(campus.tenant, who, role).ask(query, **things)
        for who, role in EVERYBODY.items()
    ]


@pytest.mark.parametrize("side", ["legacy", "service"])
async def test_what_may_be_shared_is_told_to_everybody_alike(
    stack: Stack, system: System, campus: School, side: str
) -> None:
    await turn(stack, campus.tenant, side, *READS)

    first, *others = await all_told(system, campus, SHARED)

    assert keeping(SHARED).is_shared
    assert first["course"]["liveClasses"]
    assert first["assessment"]["items"]
    assert others == [first] * len(others)


@pytest.mark.parametrize("side", ["legacy", "service"])
async def test_with_what_one_has_done_it_differs_and_is_not_shared(
    stack: Stack, system: System, campus: School, side: str
) -> None:
    await turn(stack, campus.tenant, side, *READS)

    first, *others = await all_told(system, campus, WITH_OWN)

    assert not keeping(WITH_OWN).is_shared
    assert first not in others
