"""What a learner has made of an assessment so far, on either side."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.assessment.model.attempt import OPEN, Attempt
from services.contracts.assessment import AttemptState
from services.contracts.events import PastAttempt


@dataclass(frozen=True, slots=True)
class Prior:
    """`used` counts against the limit, `last` is the greatest number; `elsewhere`: one is open."""

    running: Attempt | None = None
    prepared: Attempt | None = None
    used: int = 0
    last: int = 0
    elsewhere: bool = False


def prior(mine: Iterable[Attempt], past: Iterable[PastAttempt], preview: bool = False) -> Prior:
    """Previews are counted apart, and only on this side; the old side's are never prepared."""
    ours = [attempt for attempt in mine if attempt.place.preview is preview]
    theirs = [] if preview else list(past)
    begun = [attempt for attempt in ours if attempt.state is not AttemptState.NOT_STARTED]
    taken = [attempt.place.number for attempt in begun] + [attempt.number for attempt in theirs]
    return Prior(
        running=next((attempt for attempt in begun if attempt.is_open), None),
        prepared=_prepared(ours, max(taken, default=0)),
        used=len(begun) + sum(not attempt.banked for attempt in theirs),
        last=max([*taken, *(attempt.place.number for attempt in ours)], default=0),
        elsewhere=any(attempt.state in OPEN for attempt in theirs),
    )


def _prepared(ours: Iterable[Attempt], last: int) -> Attempt | None:
    """One whose number another has come to have meanwhile is of no use any more."""
    waiting = (attempt for attempt in ours if attempt.state is AttemptState.NOT_STARTED)
    return next((attempt for attempt in waiting if attempt.place.number > last), None)
