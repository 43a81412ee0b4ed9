"""The running service as what the machine drives: over HTTP, in a tenant whose time stands still.

The machine works in a thread of its own, and what it asks is done in the loop of the tests.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.definition import Definition
from services.assessment.model.events import AttemptEvent
from services.assessment.model.evolve import fold
from services.assessment.store import attempts
from services.assessment.tables import SPLIT_TABLES, TABLES
from services.contracts import events as said
from services.contracts.assessment import (
    Attempt,
    AttemptAccepted,
    AttemptConflict,
    Given,
    Response,
    Rules,
    ScoringPolicy,
    Source,
)
from services.contracts.errors import Refused
from services.contracts.events import PastAttempt
from services.contracts.ids import Kind, LearnerId, TenantId, encode
from services.contracts.learning import Role
from services.contracts.supervising import Deed, Extra
from services.kit.caller import Caller
from tests.fakes.tenant import assessment_id
from tests.integration.assessment.campus import Campus
from tests.integration.assessment.moving_time import STOP
from tests.unit.services.assessment.subject import (
    ASSESSMENT,
    BEGINS,
    COURSE,
    LEARNERS,
    TEACHER,
    TENANT,
    Action,
    Told,
    Verdict,
)

T = TypeVar("T")
Visit = Callable[[TenantId], Awaitable[None]]
WHERE = assessment_id(TENANT, ASSESSMENT)
PEOPLE = {TEACHER: Role.TEACHER, **dict.fromkeys(LEARNERS, Role.LEARNER)}
KEYS = count(1)
PATIENCE_S = 60.0

KEPT = """
SELECT data::text AS attempt,
    (
        SELECT jsonb_agg(data)::text FROM answers
        WHERE (tenant_id, assessment_id, user_id, preview, number)
            = (one.tenant_id, one.assessment_id, one.user_id, one.preview, one.number)
    ) AS answers,
    (
        SELECT jsonb_agg(data ORDER BY version)::text FROM attempt_events
        WHERE (tenant_id, assessment_id, user_id, preview, number)
            = (one.tenant_id, one.assessment_id, one.user_id, one.preview, one.number)
    ) AS events
FROM attempts AS one WHERE tenant_id = $1
"""
EVENTS = msgspec.json.Decoder(list[AttemptEvent])


@dataclass
class Running:
    """A subject: see there. `duties` are all that time and the background do, in order."""

    campus: Campus
    duties: Sequence[Visit]
    loop: asyncio.AbstractEventLoop
    at: datetime = BEGINS

    def open(self, definition: Definition) -> None:
        """With that one assessment, and nothing left of whatever was before."""
        self._wait(self._open(definition))
        self.at = self._wait(self.campus.now())

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self._wait(self.campus.passes(timedelta(seconds=seconds)))
        self.at = self._wait(self.campus.now())

    def publish(self, definition: Definition) -> None:
        self._wait(self.campus.define(_told_of(definition)))

    def mirror(self, user: int, past: Sequence[PastAttempt]) -> None:
        data = said.AttemptsRecorded(ASSESSMENT, user, list(past))
        event = self.campus.next(f"attempts/{{}}/{ASSESSMENT}/{user}", data)
        self._wait(self.campus.take([event]))

    def sweep(self) -> None:
        self._wait(self._sweep())

    def start(self, user: int, decimal: bool, waited_s: float) -> Told:
        who = self._asking(user, waited_s)
        return self._told(self.campus.client.start(who, WHERE, _key(), decimal))

    def save(
        self, attempt: str, answers: Sequence[Given], waited_s: float, expected: int | None
    ) -> Told:
        who, named = self._owner(attempt, waited_s), self.campus.named(attempt)
        return self._told(self.campus.client.save(who, named, answers, _key(), expected))

    def submit(
        self, attempt: str, answers: Sequence[Given], waited_s: float, expected: int | None
    ) -> Told:
        who, named = self._owner(attempt, waited_s), self.campus.named(attempt)
        return self._told(self.campus.client.submit(who, named, answers, _key(), expected))

    def act(self, action: Action, attempt: str, reason: str) -> Told:
        who, named = self._asking(), self.campus.named(attempt)
        deed = Deed(action.upper())
        return self._told(self.campus.client.act(who, deed, named, reason, _key()))

    def grade_item(self, attempt: str, item: str, points: float) -> Told:
        named, client = self.campus.named(attempt), self.campus.client
        return self._told(
            client.grade_item(self._asking(), named, item, points, None, _key()),
        )

    def grant(self, users: Sequence[int], given: Accommodation, reason: str) -> Told:
        learners = [LearnerId(encode(Kind.LEARNER, TENANT, user)) for user in users]
        more = Extra(learners, given.extra, given.multiplier, given.extra_attempts)
        return self._told(self.campus.client.grant(self._asking(), WHERE, more, reason, _key()))

    def regrade(self, item: str, correct: Response, reason: str) -> Told:
        who, client = self._asking(), self.campus.client
        return self._told(client.regrade(who, WHERE, item, correct, reason, _key()))

    def set_rules(self, rules: Rules) -> Told:
        return self._told(self.campus.client.set_rules(self._asking(), WHERE, rules, _key()))

    def attempts(self, user: int) -> list[Attempt]:
        [found] = self._wait(self.campus.client.mine(self._asking(user), [WHERE]))
        assert isinstance(found, list), found
        return [_as_taken(one) for one in found if one.source is Source.SERVICE]

    def audit(self) -> None:
        for row in self._wait(self.campus.pool.fetch(KEPT, TENANT)):
            kept = attempts.with_answers(attempts.read(row["attempt"]), row["answers"])
            assert fold(EVENTS.decode(row["events"])) == kept

    async def _open(self, definition: Definition) -> None:
        campus = self.campus
        for table in (*SPLIT_TABLES, *TABLES):
            await campus.pool.execute(f"DELETE FROM {table} WHERE tenant_id = $1", TENANT)
        await campus.pool.execute(STOP, TENANT, BEGINS)
        for user, role in PEOPLE.items():
            person = said.PersonChanged(user, "Name", "en", [role])
            enrolled = said.EnrolmentChanged(COURSE, user, role)
            await campus.take(
                [
                    campus.next(f"person/{{}}/{user}", person),
                    campus.next(f"enrolment/{{}}/{COURSE}/{user}", enrolled),
                ]
            )
        await campus.define(_told_of(definition))
        await campus.client.set_rules(self._asking(), WHERE, definition.rules, _key())

    async def _sweep(self) -> None:
        for visit in self.duties:
            await visit(TENANT)

    def _owner(self, attempt: str, waited_s: float) -> Caller:
        return self._asking(int(attempt.split("-")[1]), waited_s)

    def _asking(self, user: int = TEACHER, waited_s: float = 0.0) -> Caller:
        return self.campus.asking(str(user), waited_s)

    def _told(self, asked: Coroutine[Any, Any, object]) -> Told:
        match self._wait(asked):
            case Refused(code=code):
                return Told(Verdict.REFUSED, code)
            case AttemptConflict(code=code, current=current):
                return Told(Verdict.CONFLICT, code, _as_taken(current))
            case AttemptAccepted(attempt=attempt, duplicate=is_duplicate):
                verdict = Verdict.DUPLICATE if is_duplicate else Verdict.ACCEPTED
                return Told(verdict, None, _as_taken(attempt))
            case _:
                return Told(Verdict.ACCEPTED)

    def _wait(self, asked: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(asked, self.loop).result(PATIENCE_S)


def _key() -> str:
    return f"machine {next(KEYS)}"


def _as_taken(attempt: Attempt) -> Attempt:
    """Without the right answers, which depend on who looks and when."""
    return replace(attempt, correct=None)


def _told_of(one: Definition) -> said.AssessmentChanged:
    limit = one.time_limit
    return said.AssessmentChanged(
        assessment=one.assessment,
        course=one.course,
        position=1,
        title=f"Version {one.version}",
        kind=one.kind,
        opens_at=one.opens_at,
        closes_at=one.closes_at,
        time_limit_s=None if limit is None else int(limit.total_seconds()),
        grace_s=int(one.grace.total_seconds()),
        attempts_allowed=one.attempts_allowed,
        scoring_policy=ScoringPolicy.HIGHEST,
        weight=10.0,
        items=one.items,
        keys=one.keys,
    )
