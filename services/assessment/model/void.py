"""Takes an attempt out of what counts, and keeps all of it."""

from services.assessment.model import conflicts
from services.assessment.model.act import NO_REASON, Act
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Decision, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.events import AttemptVoided
from services.assessment.model.times import times_of
from services.contracts.assessment import AttemptState


def void(attempt: Attempt, definition: Definition, act: Act) -> Decision:
    if not act.is_explained:
        return NO_REASON
    if attempt.state is AttemptState.NOT_STARTED:
        return conflicts.closed(attempt)
    if attempt.state is AttemptState.INVALIDATED:
        return Duplicate(attempt)
    closed_at = attempt.closed_at or times_of(attempt, definition).closed_at(act.now)
    event = AttemptVoided(at=act.now, by=act.by, closed_at=closed_at, reason=act.reason)
    return Changed(attempt).then(event)
