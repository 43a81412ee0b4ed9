"""An exam of a bench's own: attempts are made ahead of it, then it is moved to its time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.campus import ITEMS, Campus, at_the_monolith
from bench.candidate import Candidate, assessment_id
from bench.service_side import ServiceSide, until
from bench.system import System
from legacy.monolith import local_time, seed
from services.kit.clock import SystemClock

EXAM = 1
"""Its local id."""
AHEAD = timedelta(days=1)
PREPARE = "P2D"
MOVE = "UPDATE content SET body = body || $3 WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Span:
    """`grace` is how long behind the close answers are still taken that are under way."""

    opens: datetime
    closes: datetime
    grace: timedelta

    @classmethod
    def after(cls, wait: timedelta, length: timedelta, grace: timedelta) -> "Span":
        """The old platform knows whole seconds only."""
        opens = (SystemClock().now() + wait).replace(microsecond=0)
        return cls(opens, opens + _whole(length), _whole(grace))

    def body(self) -> dict[str, Any]:
        """The tenants of a bench have the wall clock of UTC."""
        opens, closes = (local_time.write(one.astimezone(UTC)) for one in (self.opens, self.closes))
        return {"opens": opens, "closes": closes, "grace_s": int(self.grace.total_seconds())}


def campus_of(tenant: str, learners: int) -> Campus:
    """Its exam opens tomorrow."""
    body = Span.after(AHEAD, AHEAD, timedelta()).body()
    exam = seed.assessment(ITEMS, type="EXAM", attempts_allowed=1, **body)
    return Campus(tenant, learners, quiz=exam)


@dataclass(frozen=True, slots=True)
class Exam:
    running: System
    service: ServiceSide
    campus: Campus

    @property
    def id(self) -> str:
        return assessment_id(self.campus.tenant, EXAM)

    async def prepare(self, teacher: Candidate) -> float:
        """Seconds until everybody's attempt was made ahead, from when the teacher asked for it."""
        await teacher.set_rules(self.id, PREPARE)
        return await until(self._is_prepared, "made all attempts ahead")

    async def move(self, span: Span) -> None:
        """Returns once the service has heard of it."""
        known = await self.service.versions(self.campus.tenant, EXAM)
        db = await at_the_monolith(self.running)
        await db.execute(MOVE, self.campus.tenant, EXAM, span.body())
        await db.close()

        async def is_moved() -> bool:
            return await self.service.versions(self.campus.tenant, EXAM) > known

        await until(is_moved, "heard when the exam is")

    async def _is_prepared(self) -> bool:
        prepared = await self.service.prepared(self.campus.tenant, EXAM)
        return prepared == self.campus.learners


def _whole(span: timedelta) -> timedelta:
    return timedelta(seconds=round(span.total_seconds()))
