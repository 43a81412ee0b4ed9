"""When a learner may work: what all have, accommodations, and time given back."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from services.assessment.model.accommodation import NOTHING, Accommodation
from services.assessment.model.attempt import Attempt
from services.assessment.model.definition import Definition
from services.contracts.assessment import AssessmentKind, Window

LAST = datetime.max.replace(tzinfo=UTC)


def window(
    definition: Definition,
    accommodation: Accommodation,
    now: datetime,
    started_at: datetime | None = None,
    credit: timedelta = NOTHING,
    paused_at: datetime | None = None,
    preview: bool = False,
) -> Window:
    """Of an attempt, or of one that would begin now; a preview is bound by its own time alone."""
    stood_still = credit + (max(now - paused_at, NOTHING) if paused_at else NOTHING)
    extra = _granted(definition, accommodation) + stood_still
    closes_at = None if preview else later(definition.closes_at, extra)
    own = later(started_at or now, definition.time_limit, extra)
    return Window(
        opens_at=None if preview else definition.opens_at,
        closes_at=closes_at,
        ends_at=first(closes_at, own),
        extra_time=extra,
        server_now=now,
    )


def window_of(attempt: Attempt, definition: Definition, now: datetime) -> Window:
    return window(
        definition,
        attempt.accommodation,
        now,
        attempt.started_at,
        attempt.credit,
        attempt.paused_at,
        attempt.place.preview,
    )


def later(at: datetime | None, *spans: timedelta | None) -> datetime | None:
    """None where anything is; a date that stands for never stays one."""
    for span in spans:
        if at is None or span is None:
            return None
        at = LAST if span > LAST - at else at + span
    return at


def first(*instants: datetime | None) -> datetime | None:
    return min(_known(instants), default=None)


def _known(instants: Iterable[datetime | None]) -> Iterable[datetime]:
    return (at for at in instants if at is not None)


def _granted(definition: Definition, accommodation: Accommodation) -> timedelta:
    longer = (_base(definition) or NOTHING) * (accommodation.multiplier - 1)
    return longer + accommodation.extra


def _base(definition: Definition) -> timedelta | None:
    """What a multiplier multiplies."""
    if definition.time_limit is not None or definition.kind is not AssessmentKind.EXAM:
        return definition.time_limit
    if definition.opens_at is None or definition.closes_at is None:
        return None
    return definition.closes_at - definition.opens_at
