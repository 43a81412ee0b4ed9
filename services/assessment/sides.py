"""Which side a learner's next attempt is made on."""

from collections.abc import Sequence

from services.assessment.model.attempt import OPEN
from services.assessment.store import learners
from services.assessment.store.learners import Learner, has_begun
from services.assessment.views.asked import Asked
from services.contracts.assessment_api import Pinned, Side
from services.contracts.events import PastAttempt

PIN = """
INSERT INTO pins (tenant_id, assessment_id, user_id, service) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, assessment_id, user_id) DO UPDATE SET service = excluded.service
"""


async def side(asked: Asked, question: Side) -> Pinned:
    """What is not known here yet, or not to the asker, can only be begun at the old side."""
    who = asked.tenant, question.assessment, asked.user
    await learners.lock(asked.db, *who)
    found = await learners.load(asked.db, *who, asked.user)
    if found is None or found.is_removed or not found.standing.takes_part:
        return Pinned(service=False)
    service = is_ours(found, question)
    if service is not found.pinned:
        await asked.db.execute(PIN, *who, service)
    return Pinned(service)


def is_ours(found: Learner, question: Side) -> bool:
    """Whoever has begun here goes on here; nobody leaves the other side before all is known."""
    if has_begun(found.mine):
        return True
    if not question.wants_service or _is_open(found.past):
        return False
    if question.seen is not None:
        return len(found.past) >= question.seen
    return found.pinned is not False


def _is_open(past: Sequence[PastAttempt]) -> bool:
    return any(attempt.state in OPEN for attempt in past)
