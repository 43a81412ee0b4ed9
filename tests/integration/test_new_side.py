"""The new side by itself: few calls however many courses, and no need of the monolith."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from legacy.monolith import seed
from legacy.monolith.database import Connection
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.learner import codes, nodes
from tests.pair import Server
from tests.sides import READS, turn
from tests.stack import Stack
from tests.system import NUMBERS, System

DASHBOARD = """query ($from: DateTime!, $to: DateTime!, $first: Int!) { viewer {
  name agenda(from: $from, to: $to) { title }
  courses(first: $first) { totalCount edges { node {
    title progress { completed total }
    assessments(first: 1) { edges { node { title closesAt } } }
    liveClasses(from: $from) { title startsAt }
  } } }
} }"""
SPAN = {"from": "2026-01-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"}
COURSES = 20
MOST_CALLS = 6


@pytest.fixture
async def tenant(stack: Stack, system: System, monolith_db: Connection) -> str:
    """Twenty courses, each with lessons and an assessment, read on the new side."""
    name = await seed.tenant(monolith_db, f"new-{next(NUMBERS)}")
    await seed.person(monolith_db, name, 4, "Anna")
    quiz = [("A quiz", seed.assessment(closes="2026-02-01 12:00:00"))]
    for number in range(1, COURSES + 1):
        modules = [("Week 1", [("Reading", "TEXT"), ("Film", "VIDEO")])]
        await seed.course(monolith_db, name, number, f"Course {number}", "", modules, quiz)
        await seed.enrol(monolith_db, name, number, 4)
    await turn(stack, name, "service", *READS)
    await until(lambda: is_projected(system, name), most_s=30)
    return name


async def is_projected(system: System, tenant: str) -> bool:
    anna = system.someone(tenant, 4)
    answer = await anna.answer(DASHBOARD, first=COURSES, **SPAN)
    courses = nodes(answer["data"]["viewer"]["courses"]) if answer.get("data") else []
    quizzes = [nodes(course["assessments"]) for course in courses if course["assessments"]]
    return sum(map(bool, quizzes)) == COURSES


def asked(stack: Stack) -> list[str]:
    """What the services say they were asked by the gateway."""
    found = []
    for role in ("assessment", "progress", "live_class"):
        server = Server("", stack.process, stack.home / "logs" / f"{role}.log")
        found += [line for line in server.requests() if not line.startswith("GET ")]
    return found


async def test_a_dashboard_makes_the_same_few_calls_for_one_course_and_for_twenty(
    stack: Stack, system: System, tenant: str, figure: Recorder
) -> None:
    anna = system.someone(tenant, 4)
    calls = {}
    for first in (1, COURSES):
        before = len(asked(stack))
        viewer = (await anna.ask(DASHBOARD, first=first, **SPAN))["viewer"]
        assert len(nodes(viewer["courses"])) == first
        calls[first] = len(asked(stack)) - before

    figure("calls", of_a_dashboard_with_20_courses=calls[COURSES])
    assert calls[1] == calls[COURSES] <= MOST_CALLS


@contextmanager
def no_monolith(stack: Stack) -> Iterator[None]:
    """It accepts and says nothing."""
    [process] = [
        child
        for child in psutil.Process(stack.process.pid).children(recursive=True)
        if child.cmdline()[-1:] == ["legacy.monolith"]
    ]
    process.suspend()
    try:
        yield
    finally:
        process.resume()


async def test_without_the_monolith_the_dashboard_is_whole(
    stack: Stack, system: System, tenant: str
) -> None:
    anna = system.someone(tenant, 4)
    whole = await anna.ask(DASHBOARD, first=COURSES, **SPAN)

    with no_monolith(stack):
        assert await anna.ask(DASHBOARD, first=COURSES, **SPAN) == whole


async def test_what_only_the_monolith_knows_is_then_null_with_a_code(
    stack: Stack, system: System, tenant: str
) -> None:
    await turn(stack, tenant, "legacy", "progress.read")
    anna = system.someone(tenant, 4)
    await until(lambda: is_projected(system, tenant))

    with no_monolith(stack):
        answer = await anna.answer(DASHBOARD, first=COURSES, **SPAN)

    courses = nodes(answer["data"]["viewer"]["courses"])
    assert all(course["progress"] is None for course in courses)
    assert set(codes(answer)) == {"UPSTREAM_TIMEOUT"}
    assert all(nodes(course["assessments"]) for course in courses)
