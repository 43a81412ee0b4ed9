"""Changes of a learner's attempts at the old side, as its feed tells them."""

from datetime import datetime, timedelta

from services.contracts.assessment import AttemptState
from services.contracts.dry_run import Became
from services.contracts.events import AttemptsRecorded, Event, PastAttempt
from services.contracts.ids import TenantId
from tests.fakes.tenant import NOW

OPEN, GRADED = AttemptState.IN_PROGRESS, AttemptState.GRADED


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def past(
    number: int = 1,
    state: AttemptState = OPEN,
    saved_s: float | None = None,
    submitted_s: float | None = None,
    *,
    late: bool = False,
) -> PastAttempt:
    """Begun at `NOW`."""
    saved = None if saved_s is None else at(saved_s)
    submitted = None if submitted_s is None else at(submitted_s)
    return PastAttempt(number, state, NOW, saved, submitted, None, 6.0, late)


def change(version: int, seconds: float, *attempts: PastAttempt) -> Event:
    data = AttemptsRecorded(7, 4, list(attempts))
    return Event("legacy", "attempts/acme/7/4", version, TenantId("acme"), at(seconds), data)


def became(one: PastAttempt) -> Became:
    return Became(one.number, one.state, one.started_at, one.saved_at, one.submitted_at)
