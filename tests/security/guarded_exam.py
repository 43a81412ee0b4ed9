"""An exam whose right answer is marked, another who has sat it, and all that a learner can ask."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg

from legacy.monolith import seed
from legacy.monolith.database import Connection
from schema.contract import core_schema
from services.assessment.service import SOURCE
from services.contracts.ids import Kind, Side, decode, encode
from services.storage.address import database_of
from services.storage.server import with_database
from tests.integration.monolith.waiting import until
from tests.learner import Someone
from tests.security.walk import selection
from tests.sides import turn
from tests.system import System
from tests.unit.legacy.monolith.questions import question

TEACHER, BEN, FIRST = 2, 3, 10
COURSE, EXAM = 1, 1
FLAGS = ("assessment.read", "assessment.attempts", "assessment.scoring")
CLOSE = """
UPDATE definitions SET data = jsonb_set(data, '{closes_at}', '"2026-01-01T00:00:00Z"')
WHERE tenant_id = $1
"""
OUTCOME = "{ __typename ... on AttemptAccepted { attempt { id } } ... on Error { code } }"
DONE = "{ __typename ... on Error { code } }"
BELOW = {Kind.COURSE: "Course", Kind.ASSESSMENT: "Assessment", Kind.ATTEMPT: "Attempt"}


@dataclass(frozen=True, slots=True)
class GuardedExam:
    """`key` is a text of the right answer, `bens` one that Ben wrote: both are found nowhere else.

    `sat` is Ben's attempt.
    """

    system: System
    tenant: str
    key: str
    bens: str
    sat: str = ""

    @property
    def exam(self) -> str:
        return encode(Kind.ASSESSMENT, self.tenant, EXAM)

    def someone(self, user: int) -> Someone:
        role = "TEACHER" if user == TEACHER else "LEARNER"
        return self.system.someone(self.tenant, user, role)

    def attempt_of(self, user: int) -> str:
        return encode(Kind.ATTEMPT, self.tenant, f"{EXAM}-{user}-1", Side.SERVICE)

    async def begin(self, user: int) -> str:
        """Once the new side knows the course."""
        told: list[dict[str, Any]] = []

        async def has_begun() -> bool:
            given = f'assessmentId: "{self.exam}" key: "start {len(told)}"'
            told.append(await self.do(user, "startAttempt", given))
            return bool(told[-1]["__typename"] == "AttemptAccepted")

        await until(has_begun, most_s=30)
        attempt = str(told[-1]["attempt"]["id"])
        assert decode(attempt).side is Side.SERVICE
        return attempt

    async def save(self, user: int, attempt: str, text: str) -> None:
        answer = f'itemId: "q1" sequence: 1 response: {{ text: "{text}" }}'
        given = f'attemptId: "{attempt}" answers: [{{ {answer} }}] key: "save"'
        assert (await self.do(user, "saveAnswers", given))["__typename"] == "AttemptAccepted"

    async def submit(self, user: int, attempt: str) -> None:
        given = f'attemptId: "{attempt}" key: "submit"'
        assert (await self.do(user, "submitAttempt", given))["__typename"] == "AttemptAccepted"

    async def do(self, user: int, mutation: str, given: str) -> Any:
        asked = f"mutation {{ done: {mutation}(input: {{ {given} }}) {OUTCOME} }}"
        return (await self.someone(user).ask(asked))["done"]

    async def close(self) -> None:
        """It was closed long ago, as far as the service knows."""
        database = with_database(self.system.stack.database, database_of(SOURCE))
        connection = await asyncpg.connect(database)
        await connection.execute(CLOSE, self.tenant)
        await connection.close()

    async def everything(self, user: int) -> list[str]:
        """What every field there is says to somebody, of what is theirs and of what is Ben's."""
        asker = self.someone(user)
        own, theirs = self.attempt_of(user), self.sat
        ids = [encode(Kind.COURSE, self.tenant, COURSE), self.exam, own, theirs]
        asked = [asker.answer(document, ids=ids) for document in documents()]
        return [json.dumps(await one) for one in asked]

    async def take(self, user: int) -> list[str]:
        """What somebody is told who does what only staff may do."""
        done = []
        for mutation, given in self._mutations(user):
            asked = f'mutation {{ {mutation}(input: {{ {given} key: "{mutation}" }}) {DONE} }}'
            done.append(json.dumps(await self.someone(user).answer(asked)))
        return done

    def _mutations(self, user: int) -> Iterator[tuple[str, str]]:
        own, me = self.attempt_of(user), encode(Kind.LEARNER, self.tenant, user)
        why = 'reason: "please"'
        regrade = f'assessmentId: "{self.exam}" itemId: "q1" correct: {{ text: "mine" }} {why}'
        yield "gradeItem", f'attemptId: "{own}" itemId: "q1" points: 1'
        yield "regrade", regrade
        yield "grantTime", f'assessmentId: "{self.exam}" learnerIds: ["{me}"] extra: "PT1H" {why}'
        yield "pauseAttempt", f'attemptId: "{own}" {why}'
        yield "reopenAttempt", f'attemptId: "{own}" {why}'
        yield "voidAttempt", f'attemptId: "{self.sat}" {why}'
        yield "setAssessmentRules", f'assessmentId: "{self.exam}" atEnd: STAY_OPEN'


async def guarded_exam(
    system: System, db: Connection, tenant: str, learners: Iterable[int]
) -> GuardedExam:
    """Ben has handed in what he wrote."""
    made = GuardedExam(system, tenant, f"key of {tenant}", f"Ben of {tenant}")
    await seed.tenant(db, tenant)
    exam = seed.assessment(
        [question("text", [made.key])], type="EXAM", closes="2100-01-01 00:00:00"
    )
    await seed.course(db, tenant, COURSE, assessments=[("Exam", exam)])
    await seed.person(db, tenant, TEACHER, role="TEACHER")
    await seed.enrol(db, tenant, COURSE, TEACHER, "TEACHER")
    for user in (BEN, *learners):
        await seed.person(db, tenant, user)
        await seed.enrol(db, tenant, COURSE, user)
    await turn(system.stack, tenant, "service", *FLAGS)
    sat = await made.begin(BEN)
    await made.save(BEN, sat, made.bens)
    await made.submit(BEN, sat)
    return GuardedExam(system, tenant, made.key, made.bens, sat)


def documents() -> list[str]:
    """Every field below the viewer, and below things of each kind that leads to an exam."""
    schema = core_schema()
    asks = "query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename id {} }} }}"
    parts = [f"... on {name} {selection(schema, name)}" for name in BELOW.values()]
    viewer = (
        f"query ($ids: [ID!]!) {{ viewer {selection(schema, 'Viewer')} nodes(ids: $ids) {{ id }} }}"
    )
    return [viewer, *map(asks.format, parts)]
