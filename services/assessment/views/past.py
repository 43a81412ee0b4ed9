"""Attempts of the old side as they are told here: what is known of them, and no more."""

from collections.abc import Iterable
from itertools import starmap

import msgspec
from asyncpg import Record

from services.assessment.views.asked import Asked
from services.contracts.assessment import Attempt, Score, Source
from services.contracts.events import PastAttempt
from services.contracts.ids import (
    AssessmentId,
    AttemptId,
    CourseId,
    Kind,
    Side,
    TenantId,
    encode,
    learner_id,
)

PAST = "SELECT assessment_id, user_id, data::text AS past FROM past_attempts"
OWN = f"""
{PAST} WHERE tenant_id = $1 AND user_id = $2 AND assessment_id = ANY ($3::bigint[])
"""

_past = msgspec.json.Decoder(PastAttempt)


async def own(asked: Asked, assessments: Iterable[int]) -> list[tuple[int, PastAttempt]]:
    """The viewer's own, each with its assessment."""
    rows = await asked.db.fetch(OWN, asked.tenant, asked.user, list(assessments))
    return list(starmap(lambda assessment, _, past: (assessment, _past.decode(past)), rows))


def read(row: Record) -> PastAttempt:
    return _past.decode(row["past"])


def shown(tenant: TenantId, assessment: int, course: int, user: int, past: PastAttempt) -> Attempt:
    local = f"{assessment}-{user}-{past.number}"
    return Attempt(
        id=AttemptId(encode(Kind.ATTEMPT, tenant, local, Side.LEGACY)),
        assessment_id=AssessmentId(encode(Kind.ASSESSMENT, tenant, assessment)),
        course_id=CourseId(encode(Kind.COURSE, tenant, course)),
        learner_id=learner_id(tenant, user),
        number=past.number,
        state=past.state,
        started_at=past.started_at,
        saved_at=past.saved_at,
        submitted_at=past.submitted_at,
        score=None if past.score is None else Score(past.score, past.max, past.late),
        banked=past.banked,
        source=Source.LEGACY,
    )
