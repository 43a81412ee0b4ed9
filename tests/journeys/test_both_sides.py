"""A completion on either side, read on either side: the client cannot tell where it went."""

import pytest

from legacy.monolith.database import Connection
from services.contracts.ids import Kind, encode
from tests.integration.monolith.school import LEARNER, School, school
from tests.integration.monolith.waiting import until
from tests.learner import token
from tests.sides import READS, turn
from tests.stack import Stack
from tests.subscription import subscription
from tests.system import NUMBERS, System

PAIRS = [(write, read) for write in ("legacy", "service") for read in ("legacy", "service")]

PAGE = """query ($id: ID!) { viewer { courses { totalCount edges { node { id title code } } } }
  course(id: $id) {
    title outline { id title lessons { id title kind completed } }
    progress { completed total ratio }
    assessments { edges { node { id title kind opensAt closesAt items { id kind prompt } } } }
    liveClasses { id title startsAt endsAt teacher { name } }
} }"""
COMPLETE = """mutation ($lesson: ID!, $key: ID!) {
  completeLesson(input: { lessonId: $lesson, key: $key }) {
    __typename ... on LessonCompleted {
      lesson { id title completed } progress { completed total ratio } }
} }"""
UPDATES = """subscription ($id: ID!) {
  progressUpdated(courseId: $id) { completed total ratio } }"""


@pytest.fixture
async def campus(monolith_db: Connection) -> School:
    return await school(monolith_db, f"sides-{next(NUMBERS)}")


@pytest.mark.parametrize(("write", "read"), PAIRS)
async def test_a_completion_arrives_by_socket_and_then_by_query(
    stack: Stack, system: System, campus: School, write: str, read: str
) -> None:
    await turn(stack, campus.tenant, write, "progress.write")
    await turn(stack, campus.tenant, read, *READS)
    anna = system.someone(campus.tenant, LEARNER)
    course = encode(Kind.COURSE, campus.tenant, campus.course)
    lesson = encode(Kind.LESSON, campus.tenant, campus.lessons[0])
    await until(lambda: has_arrived(system, campus, course), most_s=20)

    bearer = token(stack.home, campus.tenant, LEARNER)
    async with subscription(stack.gateway, bearer, UPDATES, id=course) as events:
        await events.until({"progressUpdated": {"completed": 0, "total": 4, "ratio": 0.0}})
        done = (await anna.ask(COMPLETE, lesson=lesson, key="one"))["completeLesson"]
        await events.until({"progressUpdated": {"completed": 1, "total": 4, "ratio": 0.25}})
    page = (await anna.ask(PAGE, id=course))["course"]

    assert done["lesson"] == {"id": lesson, "title": "What a cell is", "completed": True}
    assert page["progress"] == {"completed": 1, "total": 4, "ratio": 0.25}
    assert page["outline"][0]["lessons"][0]["completed"] is True


async def has_arrived(system: System, campus: School, course: str) -> bool:
    """The side that is read knows the course, with all that is in it."""
    anna = system.someone(campus.tenant, LEARNER)
    page = (await anna.answer(PAGE, id=course))["data"]["course"]
    return bool(page and page["progress"] and page["progress"]["total"] == 4)


async def test_a_flag_turned_between_two_requests_changes_no_answer(
    stack: Stack, system: System, campus: School
) -> None:
    anna = system.someone(campus.tenant, LEARNER)
    course = encode(Kind.COURSE, campus.tenant, campus.course)
    lessons = [encode(Kind.LESSON, campus.tenant, lesson) for lesson in campus.lessons]
    await turn(stack, campus.tenant, "service", *READS)
    await until(lambda: has_arrived(system, campus, course), most_s=20)

    pages = []
    for number, side in enumerate(("legacy", "service", "legacy", "service")):
        await turn(stack, campus.tenant, side, *READS)
        await until(lambda number=number: shows(system, campus, course, number), most_s=20)  # type: ignore[misc]
        pages.append(await anna.ask(PAGE, id=course))
        await turn(stack, campus.tenant, "legacy" if number % 2 else "service", *READS)
        await until(lambda number=number: shows(system, campus, course, number), most_s=20)  # type: ignore[misc]
        assert await anna.ask(PAGE, id=course) == pages[-1]
        await anna.ask(COMPLETE, lesson=lessons[number], key=f"key {number}")

    assert [page["course"]["progress"]["completed"] for page in pages] == [0, 1, 2, 3]


async def shows(system: System, campus: School, course: str, completed: int) -> bool:
    anna = system.someone(campus.tenant, LEARNER)
    page = (await anna.answer(PAGE, id=course))["data"]["course"]
    return bool(page and page["progress"]["completed"] == completed)
