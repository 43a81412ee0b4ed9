"""An attempt as other services are told of it: how it is from now on."""

from services.assessment.model.attempt import Attempt
from services.assessment.model.definition import Definition
from services.contracts.assessment import AttemptState
from services.contracts.events import AttemptChanged, PastAttempt


def told(attempt: Attempt, definition: Definition) -> AttemptChanged | None:
    """None of one that is nobody's concern: a preview, or made ahead."""
    if attempt.place.preview or attempt.state is AttemptState.NOT_STARTED:
        return None
    score = attempt.score
    return AttemptChanged(
        assessment=attempt.place.assessment,
        course=definition.course,
        user=attempt.place.user,
        attempt=_past(attempt, definition),
        penalty=score.penalty if score else 0.0,
        provisional=score.provisional if score else False,
    )


def _past(attempt: Attempt, definition: Definition) -> PastAttempt:
    score = attempt.score
    most = score.max if score else sum(item.points for item in definition.items)
    return PastAttempt(
        number=attempt.place.number,
        state=attempt.state,
        started_at=attempt.started_at,
        saved_at=attempt.saved_at,
        submitted_at=attempt.submitted_at,
        score=score.raw if score else None,
        max=most,
        late=attempt.late,
    )
