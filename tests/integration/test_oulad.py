"""OULAD, imported by command into the running system, is what the gateway tells of it."""

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.contracts.ids import Kind, encode
from tests.learner import Someone, nodes
from tests.oulad import DATA, NEEDS_OULAD, TENANT
from tests.system import System

TEACHER, LEARNER = 1, 11391

pytestmark = NEEDS_OULAD
MODULE, PRESENTATION = "AAA", "2013J"
CODE = f"{MODULE}/{PRESENTATION}"
BEGAN = datetime(2013, 10, 1, tzinfo=ZoneInfo("Europe/London"))
LAST_MINUTE = timedelta(hours=23, minutes=59)
KINDS = {"TMA": "ASSIGNMENT", "CMA": "QUIZ", "Exam": "EXAM"}
PAGE = 50

COURSES = """query ($first: Int!, $after: String) { viewer {
  courses(first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { id code assessments { edges { node {
      id kind weight closesAt attempts { edges { node { score { raw max } } } }
    } } } } }
  }
} }"""
ROSTER = """query ($id: ID!, $first: Int!, $after: String, $far: Boolean!) { course(id: $id) {
  roster(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { learner { id } progress @include(if: $far) { completed total ratio } } }
  }
} }"""


def published(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of OULAD's files, as published."""
    with gzip.open(DATA / f"oulad_{name}.csv.gz", "rt", newline="") as text:
        yield from csv.DictReader(text)


def of_presentation(name: str) -> list[dict[str, str]]:
    wanted = {"code_module": MODULE, "code_presentation": PRESENTATION}
    return [row for row in published(name) if wanted.items() <= row.items()]


def takers() -> list[int]:
    return sorted(int(row["id_student"]) for row in of_presentation("student_registration"))


def scores() -> dict[int, dict[str, float]]:
    """Of each taker the published scores, by global id of the assessment."""
    known = {row["id_assessment"] for row in of_presentation("assessment")}
    found: dict[int, dict[str, float]] = {taker: {} for taker in takers()}
    for row in published("student_assessment"):
        if row["id_assessment"] in known and row["score"]:
            assessment = encode(Kind.ASSESSMENT, TENANT, row["id_assessment"])
            found[int(row["id_student"])][assessment] = float(row["score"])
    return found


async def the_course(someone: Someone, first: int) -> dict[str, Any]:
    """Found by paging through somebody's courses, `first` at a time."""
    after = None
    while True:
        page = (await someone.ask(COURSES, first=first, after=after))["viewer"]["courses"]
        for course in nodes(page):
            if course["code"] == CODE:
                return course
        assert page["pageInfo"]["hasNextPage"], f"{CODE} is not among the courses"
        after = page["pageInfo"]["endCursor"]


def closes_at(row: dict[str, str], length_days: int) -> datetime:
    """The last minute of its day on a wall in London; without a day, of the presentation's last."""
    return BEGAN + timedelta(days=int(row["date"] or length_days)) + LAST_MINUTE


async def test_a_learner_finds_the_six_assessments_as_published(system: System) -> None:
    [presentation] = of_presentation("course")
    length_days = int(presentation["module_presentation_length"])

    course = await the_course(system.someone(TENANT, LEARNER), first=1)

    told = {
        one["id"]: (one["kind"], one["weight"], datetime.fromisoformat(one["closesAt"]))
        for one in nodes(course["assessments"])
    }
    assert len(told) == 6
    assert told == {
        encode(Kind.ASSESSMENT, TENANT, row["id_assessment"]): (
            KINDS[row["assessment_type"]],
            float(row["weight"]),
            closes_at(row, length_days),
        )
        for row in of_presentation("assessment")
    }


async def test_a_deadline_is_told_in_utc_before_and_after_summer_time(system: System) -> None:
    course = await the_course(system.someone(TENANT, LEARNER), first=1)

    told = [one["closesAt"] for one in nodes(course["assessments"])]
    assert told[:2] == ["2013-10-20T22:59:00Z", "2013-11-24T23:59:00Z"]


async def test_every_score_of_twenty_one_learners_is_the_published_one(system: System) -> None:
    known = scores()
    assert known[LEARNER][encode(Kind.ASSESSMENT, TENANT, 1752)] == 78.0
    others = [taker for taker in takers() if taker != LEARNER][:20]

    for learner in [LEARNER, *others]:
        course = await the_course(system.someone(TENANT, learner), first=1)

        told = {
            one["id"]: attempt["score"]
            for one in nodes(course["assessments"])
            for attempt in nodes(one["attempts"])
        }
        assert told == {id_: {"raw": raw, "max": 100.0} for id_, raw in known[learner].items()}


async def test_the_teacher_pages_the_roster_to_its_end(system: System) -> None:
    teacher = system.someone(TENANT, TEACHER, "TEACHER")
    course = (await the_course(teacher, first=5))["id"]
    told, totals, after, more = list[str](), set[int](), None, True

    while more:
        asked = {"id": course, "first": PAGE, "after": after, "far": False}
        page = (await teacher.ask(ROSTER, **asked))["course"]["roster"]
        told += [row["learner"]["id"] for row in nodes(page)]
        totals.add(page["totalCount"])
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert told == [encode(Kind.LEARNER, TENANT, taker) for taker in takers()]
    assert totals == {len(takers())}


async def test_a_roster_page_tells_how_far_each_learner_is(system: System) -> None:
    teacher = system.someone(TENANT, TEACHER, "TEACHER")
    course = (await the_course(teacher, first=5))["id"]

    asked = {"id": course, "first": PAGE, "far": True}
    page = (await teacher.ask(ROSTER, **asked))["course"]["roster"]

    far = [row["progress"] for row in nodes(page)]
    assert len(far) == PAGE
    assert all(0 <= one["ratio"] == one["completed"] / one["total"] <= 1 for one in far)
    assert any(one["ratio"] > 0 for one in far)
