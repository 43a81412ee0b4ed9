"""A tenant as tests of attempts see it: what the old side tells goes in, commands and rows out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from asyncpg import Record

from services.assessment.client.attempts import ServiceAttempts
from services.assessment.projection.projection import AssessmentProjection
from services.contracts import events as said
from services.contracts.assessment import Attempt, AttemptAccepted, Given, Response, Rules
from services.contracts.events import Event, Happened
from services.contracts.ids import AttemptId, Kind, Side, TenantId, UserId, encode
from services.contracts.learning import Role
from services.contracts.supervising import RulesSet
from services.contracts.viewer import Viewer
from services.events.projector import project
from services.events.topics import Topics
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.transport import HttpTransport
from services.storage import db
from services.storage.db import Pool
from tests.fakes.telling import happened
from tests.fakes.tenant import LEARNER, OPERATOR, OTHER, TEACHER, assessment_id
from tests.integration.assessment.definitions import COURSE, EXAM, QUIZ, exam, quiz
from tests.integration.assessment.moving_time import NOW, PASS

WAITS_S = 10.0
PROCTOR, STRANGER = "3", "6"
ROLES = {
    OPERATOR: Role.OPERATOR,
    TEACHER: Role.TEACHER,
    PROCTOR: Role.PROCTOR,
    LEARNER: Role.LEARNER,
    OTHER: Role.LEARNER,
    STRANGER: Role.LEARNER,
}
IN_THE_COURSE = {TEACHER: Role.TEACHER, LEARNER: Role.LEARNER, OTHER: Role.LEARNER}


@dataclass
class Campus:
    """`pool` is the owner's, `worker` what the service has."""

    tenant: str
    pool: Pool
    worker: Pool
    topics: Topics
    url: str
    transport: HttpTransport
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.projection = AssessmentProjection(self.topics)
        self.client = ServiceAttempts(
            ServiceClient(self.transport, "assessment", self.url, WAITS_S)
        )

    async def open(self) -> None:
        people = [
            self.next(f"person/{{}}/{user}", said.PersonChanged(int(user), "Name", "en", [role]))
            for user, role in ROLES.items()
        ]
        enrolled = [
            self.next(
                f"enrolment/{{}}/{COURSE}/{user}", said.EnrolmentChanged(COURSE, int(user), role)
            )
            for user, role in IN_THE_COURSE.items()
        ]
        await self.take([*people, *enrolled])
        await self.define(quiz())
        await self.define(exam(await self.now()))

    async def enrol(self, *users: int, course: int = COURSE) -> None:
        await self.take(
            [
                self.next(
                    f"enrolment/{{}}/{course}/{user}",
                    said.EnrolmentChanged(course, user, Role.LEARNER),
                )
                for user in users
            ]
        )

    async def define(self, one: said.AssessmentChanged) -> None:
        await self.take([self.next(f"content/{{}}/{one.assessment}", one)])

    async def rule(self, rules: Rules, assessment: int = EXAM) -> None:
        where = assessment_id(self.tenant, assessment)
        found = await self.client.set_rules(self.asking(TEACHER), where, rules, f"{rules}")
        assert isinstance(found, RulesSet), found

    async def attempted(self, *attempts: said.PastAttempt, assessment: int = QUIZ) -> None:
        """All that the old side has of the learner."""
        data = said.AttemptsRecorded(assessment, int(LEARNER), list(attempts))
        await self.take([self.next(f"attempts/{{}}/{assessment}/{LEARNER}", data)])

    def next(self, stream: str, data: Happened) -> Event:
        """The next event of a stream; `stream` says {} for the tenant."""
        full = stream.format(self.tenant)
        self.versions[full] = self.versions.get(full, 0) + 1
        return happened(self.tenant, full, data, self.versions[full])

    async def take(self, events: Sequence[Event]) -> None:
        async with db.transaction(self.worker) as connection:
            found = await project(connection, self.projection, events)
        await self.projection.announce(found.fresh)

    async def passes(self, span: timedelta) -> None:
        """The tenant's time goes on by so much."""
        await self.pool.execute(PASS, self.tenant, span)

    async def now(self) -> datetime:
        at: datetime = await self.pool.fetchval(NOW, self.tenant)
        return at

    def asking(self, user: str = LEARNER, waited_s: float = 0.0) -> Caller:
        """Whose request came in so long ago."""
        clock, roles = SystemClock(), frozenset({ROLES.get(user, Role.LEARNER)})
        who = Viewer(TenantId(self.tenant), UserId(user), roles)
        return Caller(who, Deadline.within(clock, WAITS_S), clock.monotonic_s() - waited_s)

    async def started(self, user: str = LEARNER, assessment: int = QUIZ) -> Attempt:
        found = await self.client.start(
            self.asking(user), assessment_id(self.tenant, assessment), f"start {assessment} {user}"
        )
        assert isinstance(found, AttemptAccepted), found
        return found.attempt

    async def saved(
        self, attempt: AttemptId, *given: Given, key: str = "save", user: str = LEARNER
    ) -> Attempt:
        found = await self.client.save(self.asking(user), attempt, given, key, None)
        assert isinstance(found, AttemptAccepted), found
        return found.attempt

    async def submitted(self, attempt: AttemptId, *given: Given, user: str = LEARNER) -> Attempt:
        found = await self.client.submit(self.asking(user), attempt, given, "submit", None)
        assert isinstance(found, AttemptAccepted), found
        return found.attempt

    def named(self, local: str) -> AttemptId:
        return AttemptId(encode(Kind.ATTEMPT, self.tenant, local, Side.SERVICE))

    async def rows(self, table: str) -> list[Record]:
        """All of the tenant's."""
        statement = f"SELECT * FROM {table} WHERE tenant_id = $1 ORDER BY {table}"
        return await self.pool.fetch(statement, self.tenant)

    async def value(self, statement: str, *more: Any) -> Any:
        """`$1` is the tenant."""
        return await self.pool.fetchval(statement, self.tenant, *more)


def chose(item: str, *choices: str, sequence: int = 1) -> Given:
    return Given(item, sequence, Response(choices=list(choices)))


def counted(item: str, number: float, sequence: int = 1) -> Given:
    return Given(item, sequence, Response(number=number))


def wrote(item: str, text: str, sequence: int = 1) -> Given:
    return Given(item, sequence, Response(text=text))
