"""A learner's day, through real processes: sign in, look round, work, see it counted."""

from services.contracts.ids import Kind, encode
from tests.integration.monolith.school import LEARNER, School
from tests.learner import nodes
from tests.system import System

DASHBOARD = """query ($from: DateTime!, $to: DateTime!) { viewer {
  name roles
  agenda(from: $from, to: $to) { title startsAt course { title } }
  courses { totalCount edges { node {
    id title code progress { completed total ratio }
    assessments(first: 1) { edges { node { title closesAt } } }
  } } }
} }"""

COURSE_PAGE = """query ($id: ID!) { course(id: $id) {
  title outline { title lessons { id title kind completed } }
  progress { completed total }
  assessments { edges { node {
    id title kind grace items { id kind prompt points choices { id label } }
    attempts { totalCount edges { node { number } } }
  } } }
} }"""

COMPLETE = """mutation ($lesson: ID!) { completeLesson(input: { lessonId: $lesson, key: "one" }) {
  __typename
  ... on LessonCompleted { lesson { id completed } progress { completed total ratio } }
} }"""

SPAN = {"from": "2026-01-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}


async def test_a_learner_completes_a_lesson_and_the_next_query_shows_it(
    system: System, school: School
) -> None:
    anna = system.someone(school.tenant, LEARNER)

    viewer = (await anna.ask(DASHBOARD, **SPAN))["viewer"]
    [biology] = nodes(viewer["courses"])
    page = (await anna.ask(COURSE_PAGE, id=biology["id"]))["course"]
    lesson = page["outline"][0]["lessons"][0]
    done = (await anna.ask(COMPLETE, lesson=lesson["id"]))["completeLesson"]
    after = (await anna.ask(COURSE_PAGE, id=biology["id"]))["course"]

    assert (viewer["name"], viewer["roles"]) == ("Person 4", ["LEARNER"])
    assert biology["progress"] == {"completed": 0, "total": 4, "ratio": 0.0}
    assert lesson == {**lesson, "title": "What a cell is", "kind": "TEXT", "completed": False}
    assert done == {
        "__typename": "LessonCompleted",
        "lesson": {"id": lesson["id"], "completed": True},
        "progress": {"completed": 1, "total": 4, "ratio": 0.25},
    }
    assert after["outline"][0]["lessons"][0]["completed"] is True
    assert after["progress"] == {"completed": 1, "total": 4}


async def test_a_lesson_completed_twice_counts_once(system: System, school: School) -> None:
    anna = system.someone(school.tenant, LEARNER)
    lesson = encode(Kind.LESSON, school.tenant, school.lessons[0])

    first = await anna.ask(COMPLETE, lesson=lesson)
    second = await anna.ask(COMPLETE, lesson=lesson)

    assert second == first
    assert first["completeLesson"]["progress"]["completed"] == 1


async def test_the_course_page_shows_items_of_five_kinds_and_never_an_answer(
    system: System, school: School
) -> None:
    anna = system.someone(school.tenant, LEARNER)

    page = (await anna.ask(COURSE_PAGE, id=encode(Kind.COURSE, school.tenant, school.course)))[
        "course"
    ]

    [quiz] = nodes(page["assessments"])
    assert {item["kind"] for item in quiz["items"]} == {
        "SINGLE_CHOICE",
        "MULTIPLE_CHOICE",
        "NUMERIC",
        "TEXT",
        "ORDERING",
    }
    assert "answer" not in str(quiz)
