"""U10: under three times what the platform can do exams pass, and browsing is refused early."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from graphql import ExecutionResult

from gateway.admission.admission import Admission
from gateway.admission.concurrency import LEAST, Limit
from gateway.admission.shares import Party
from gateway.bad_request import BadRequest
from legacy.monolith import seed
from schema.contract import core_schema
from services.contracts.ids import Kind, TenantId, UserId, encode
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from tests import pair
from tests.fakes.asking import operation_of
from tests.faults.registry import n
from tests.faults.surge import CAPACITY, PATIENT, Ask, Told, in_turns, small_monolith, surge
from tests.figures import Recorder
from tests.integration.monolith.school import TEACHER, School
from tests.journeys.exam import START
from tests.learner import Someone, token
from tests.stack import Stack

LEARNERS = range(100, 108)
SAVE = """mutation ($attempt: ID!, $answers: [AnswerInput!]!, $key: ID!) {
  saveAnswers(input: { attemptId: $attempt, answers: $answers, key: $key }) { __typename } }"""
LOOK = "query ($id: ID!) { attempt(id: $id) { state answers { itemId } } }"
NAME = "{ viewer { name } }"
ROSTER = "query ($id: ID!) { course(id: $id) { roster(first: 5) { totalCount } } }"
NUMBERS = count(1)
QUIET, LOUD = 0.4, 3.0
"""Times the capacity."""
WARM_S, RECOVERS_S = 4.0, 5.0
MANY, MOST_REFUSAL_MS = 200, 20.0
LONG_AGO_S = 0.0
"""When they were received: they have no time left to wait."""


@pytest.fixture(scope="module")
def monolith(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pair.Server]:
    yield from small_monolith(tmp_path_factory.mktemp("u10"), stack)


@dataclass
class Hall:
    """A school whose learners sit an exam, while others do other things."""

    school: School
    gateway: pair.Server
    home: Path

    async def open(self) -> None:
        for user in LEARNERS:
            await seed.person(self.school.db, self.school.tenant, user)
            await seed.enrol(self.school.db, self.school.tenant, self.school.course, user)
        self.people = [self._someone(user) for user in LEARNERS]
        self.teacher = self._someone(TEACHER, "TEACHER")
        self.attempts = [await self._start(one) for one in self.people]

    async def close(self) -> None:
        for one in (*self.people, self.teacher):
            await one.close()

    @property
    def exams(self) -> Ask:
        """Of eight two save: the old side saves one after another, all of an exam in one row."""
        both = list(zip(self.people, self.attempts, strict=True))
        reads = [partial(one.answer, LOOK, id=attempt) for one, attempt in both[2:]]
        return in_turns([*reads, *[partial(self._save, *one) for one in both[:2]]])

    @property
    def names(self) -> Ask:
        return in_turns([partial(one.answer, NAME) for one in self.people])

    @property
    def rosters(self) -> Ask:
        course = encode(Kind.COURSE, self.school.tenant, self.school.course)
        return partial(self.teacher.answer, ROSTER, id=course)

    def _someone(self, user: int, role: str = "LEARNER") -> Someone:
        return Someone(self.gateway.url, token(self.home, self.school.tenant, user, role))

    async def _start(self, one: Someone) -> str:
        quiz = encode(Kind.ASSESSMENT, self.school.tenant, self.school.quiz)
        said = await one.ask(START, assessment=quiz, key=f"start {next(NUMBERS)}")
        return str(said["startAttempt"]["attempt"]["id"])

    async def _save(self, one: Someone, attempt: str) -> dict[str, Any]:
        nth = next(NUMBERS)
        answer = {"itemId": "q4", "sequence": nth, "response": {"text": f"answer {nth}"}}
        said = await one.answer(SAVE, attempt=attempt, answers=[answer], key=f"save {nth}")
        kind = (said.get("data") or {}).get("saveAnswers", {}).get("__typename")
        if kind in ("AttemptAccepted", None):
            return said
        return {"errors": [{"extensions": {"code": kind}}]}


@contextmanager
def hall_before(
    monolith: pair.Server, school: School, home: Path, **settings: str
) -> Iterator[Hall]:
    with pair.gateway(home, monolith.url, **PATIENT, **settings) as gateway:
        yield Hall(school, gateway, home)


async def outcome(hall: Hall) -> dict[str, Told]:
    await hall.open()
    await surge(rates(hall, QUIET), WARM_S)
    return await surge(rates(hall, LOUD), n("U10"))


def rates(hall: Hall, times_capacity: float) -> dict[str, tuple[float, Ask]]:
    """By the requests to the monolith that each costs."""
    calls_per_s = CAPACITY * times_capacity
    return {
        "exam": (calls_per_s / 8 / 2, hall.exams),
        "ordinary": (calls_per_s / 4 / 1, hall.names),
        "browse": (calls_per_s * 5 / 8 / 3, hall.rosters),
    }


async def test_u10_exams_pass_and_browsing_is_refused(
    monolith: pair.Server, school: School, tmp_path: Path, figure: Recorder
) -> None:
    with hall_before(monolith, school, tmp_path) as hall:
        told = await outcome(hall)
        healed = await surge({"browse": (5.0, hall.rosters)}, RECOVERS_S)
        await hall.close()

    exam, ordinary, browse = told["exam"], told["ordinary"], told["browse"]
    figure(
        "U10",
        exams=exam.sent,
        exams_percent=exam.percent,
        ordinary_percent=ordinary.percent,
        browse_percent=browse.percent,
        failed=sum(one.failed.total() for one in told.values()),
        browse_after_it_percent=healed["browse"].percent,
    )
    assert exam.percent >= 99.9, told
    assert not any(one.failed for one in told.values()), told
    assert browse.percent < ordinary.percent
    assert set(browse.refused) == {"OVERLOADED"}
    assert healed["browse"].percent == 100


async def test_u10_a_refusal_costs_little(figure: Recorder) -> None:
    admission, asked = full(), operation_of(core_schema(), NAME, {})
    assert not isinstance(asked, ExecutionResult)
    refused = 0

    began_s = time.thread_time()
    for nth in range(MANY):
        try:
            await admission.enter(asked, learner(nth), LONG_AGO_S)
        except BadRequest as bad:
            refused += bad.refusal.code == "OVERLOADED"
    cpu_ms = (time.thread_time() - began_s) * 1e3 / MANY

    figure("U10", refusal_cpu_ms=cpu_ms)
    assert refused == MANY
    assert cpu_ms < MOST_REFUSAL_MS


def learner(nth: int) -> Viewer:
    return Viewer(TenantId("acme"), UserId(str(nth)), frozenset({Role.LEARNER}))


def full() -> Admission:
    """One whose limit is exceeded by far."""
    admission = Admission(SystemClock(), Limit(LEAST))
    for nth in range(LEAST * 10):
        admission._take(Party("acme", None, f"before {nth}"))
    return admission


async def test_u10_fails_without_admission(
    monolith: pair.Server, school: School, tmp_path: Path, figure: Recorder
) -> None:
    with hall_before(monolith, school, tmp_path, concurrency="0") as hall:
        told = await outcome(hall)
        await hall.close()

    figure("U10", exams_percent_without_admission=told["exam"].percent)
    assert told["exam"].percent < 90
    assert told["exam"].failed
