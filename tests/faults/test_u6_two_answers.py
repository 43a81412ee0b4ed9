"""U6: where two sides answer differently the old answer is served, and the difference counted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.shadow.compared import Counts
from legacy.monolith import database, seed
from legacy.monolith.settings import with_database
from services.contracts.ids import Kind, encode
from tests.caught_up import has_caught_up
from tests.faults.lying import Lying
from tests.faults.registry import n
from tests.faults.shadowed import Shadowed, shadowed, url_of_progress
from tests.figures import Recorder
from tests.integration.monolith.school import LEARNER, School
from tests.integration.monolith.school import school as make_school
from tests.integration.monolith.waiting import until
from tests.learner import Someone, token
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE, NUMBERS

ASKED = """{ viewer { name locale courses { edges { node { id title
  outline { title lessons { id title completed } } progress { completed total }
  assessments { edges { node { title weight } } } } } } } }"""
COMPLETE = """mutation ($lesson: ID!, $key: ID!) { completeLesson(input: {
  lessonId: $lesson, key: $key }) { __typename } }"""
OF_ONE = 6
"""Me, enrolments, outlines, completed, progress and assessments."""
LIED_OF_EVERY = 10
LASTS_S = 0.4
"""That the service is behind: less than it may be to be judged."""
BETWEEN_S = 0.03
"""What the proxy needs for the comparisons of one request."""
PORTION = 5 * LIED_OF_EVERY
"""Whose comparisons, all under way at once, are fewer than are dropped."""
DONE = datetime(2026, 3, 1, 12)  # noqa: DTZ001 -- the monolith's wall clock


def another_title(outlines: Any) -> Any:
    outlines[0][0]["lessons"][0]["title"] += " indeed"
    return outlines


def one_module_less(outlines: Any) -> Any:
    return [another_title(outlines)[0][:-1]]


def one_less(progress: Any) -> Any:
    progress[0]["completed"] -= 1
    return progress


def heavier(assessments: Any) -> Any:
    assessments[0][0]["weight"] += 0.5
    return assessments


def by_a_hair(assessments: Any) -> Any:
    assessments[0][0]["weight"] += 0.00001
    return assessments


LIES = {
    "/outlines": one_module_less,
    "/progress": one_less,
    "/many/progress": one_less,
    "/courses/assessments": heavier,
}
PLANTED = {
    ("courses.outlines", "missing"),
    ("Lesson.title", "value"),
    ("Progress.completed", "value"),
    ("Assessment.weight", "value"),
}


@pytest.fixture(scope="module")
async def schools(stack: Stack) -> AsyncIterator[list[School]]:
    """The one that is lied of, and the other one."""
    db = await database.connect(with_database(stack.database, MONOLITH_DATABASE))
    made = [await make_school(db, f"campus-{next(NUMBERS)}") for _ in range(2)]
    for one in made:
        for lesson in one.lessons[:2]:
            await seed.complete(db, one.tenant, one.course, lesson, LEARNER, DONE)
    await until(lambda: has_caught_up(db), most_s=60)
    yield made
    await db.close()


class Campus:
    """Learners of both schools at a gateway that compares."""

    def __init__(self, at: Shadowed, schools: list[School]) -> None:
        self.at = at
        self.tenant = schools[0].tenant
        self._people = [
            Someone(at.gateway.url, token(at.home, one.tenant, LEARNER)) for one in schools
        ]

    @property
    def lied_of(self) -> Someone:
        return self._people[0]

    async def ask(self, times: int) -> list[Any]:
        """Every so often the one who is lied of asks; what they were told, in order."""
        told = []
        for nth in range(times):
            is_lied_of = nth % LIED_OF_EVERY == 0
            answer = await self._people[0 if is_lied_of else 1].ask(ASKED)
            told += [answer] if is_lied_of else []
            await asyncio.sleep(BETWEEN_S)
        return told

    async def ask_in_portions(self, times: int, before: int) -> list[Any]:
        """Each once all that was asked before is judged, so that nothing is left out."""
        told = []
        for first in range(0, times, PORTION):
            many = min(PORTION, times - first)
            told += await self.ask(many)
            await self.at.settled((before + first + many) * OF_ONE)
        return told

    async def close(self) -> None:
        for one in self._people:
            await one.close()


@asynccontextmanager
async def campus(
    stack: Stack, home: Path, schools: list[School], module: str
) -> AsyncIterator[tuple[Campus, Lying]]:
    lying = Lying(url_of_progress(stack), schools[0].tenant, {})
    async with shadowed(stack, home, lying, module) as at:
        people = Campus(at, schools)
        try:
            yield people, lying
        finally:
            await people.close()
            await lying.close()


@pytest.fixture(scope="module")
async def town(
    stack: Stack, schools: list[School], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Campus, Lying]]:
    async with campus(stack, tmp_path_factory.mktemp("u6"), schools, "gateway.main") as made:
        yield made


async def test_u6_the_old_answer_is_served_and_each_difference_counted_by_field(
    town: tuple[Campus, Lying], figure: Recorder
) -> None:
    people, lying = town
    times = n("U6") // OF_ONE
    lying.lies = {"/courses/assessments": by_a_hair}
    [honest, *_] = await people.ask(LIED_OF_EVERY)
    before = await people.at.settled(LIED_OF_EVERY * OF_ONE)
    lying.lies = dict(LIES)
    told = await people.ask_in_portions(times, before=LIED_OF_EVERY)
    after = await people.at.all()

    lied, found = len(told), after.differences()
    not_judged = after.numbers["lag"] + after.numbers["dropped"]
    figure(
        "U6",
        compared=after.compared.compared,
        without_lies_differing=before.compared.differing,
        planted=lied * len(PLANTED),
        found=sum(found.values()),
        not_judged=not_judged,
        other_than_old=sum(one != honest for one in told),
    )
    assert [one for one in told if one != honest] == []
    assert before.compared.differing == 0, before.samples
    assert not_judged == 0, after.numbers
    assert found == dict.fromkeys(PLANTED, lied), after.samples
    assert lying.told["/outlines"] > lied


async def test_u6_a_service_that_is_behind_does_not_differ(
    town: tuple[Campus, Lying], schools: list[School], figure: Recorder
) -> None:
    people, lying = town

    counts = await behind(people, lying, schools[0].lessons[2])

    figure("U6", behind=counts.numbers["lag"], behind_that_differ=counts.compared.differing)
    assert counts.compared.differing == 0, counts.samples
    assert counts.numbers["lag"] > 0


async def test_u6_fails_without_one_position(
    stack: Stack, schools: list[School], tmp_path: Path, figure: Recorder
) -> None:
    module = "tests.faults.at_once_gateway"
    async with campus(stack, tmp_path, schools, module) as (people, lying):
        counts = await behind(people, lying, schools[0].lessons[3])

    figure("U6", behind_that_differ_without_one_position=counts.compared.differing)
    assert counts.compared.differing > 0


async def behind(people: Campus, lying: Lying, number: int) -> Counts:
    """A learner goes on at the monolith, and asks before the service has heard of it."""
    await people.at.forget()
    lying.lies = {}
    lesson = encode(Kind.LESSON, people.tenant, number)
    await people.lied_of.ask(ASKED)
    await people.at.settled(OF_ONE)
    lying.is_behind = True
    await people.lied_of.ask(COMPLETE, lesson=lesson, key=lesson)
    await people.lied_of.ask(ASKED)
    await asyncio.sleep(LASTS_S)
    lying.is_behind = False
    return await people.at.settled(2 * OF_ONE)
