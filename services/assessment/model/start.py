"""Begins an attempt, or gives the one that is open again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.assessment.model.accommodation import NO_ACCOMMODATION, Accommodation
from services.assessment.model.decision import Changed, Decision, Duplicate, begun
from services.assessment.model.definition import Definition
from services.assessment.model.events import AttemptBegun, AttemptPrepared
from services.assessment.model.moment import Moment
from services.assessment.model.place import Place
from services.assessment.model.prior import Prior
from services.assessment.model.times import late_span
from services.assessment.model.window import later, window
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import TenantId

EARLY = Refused(ErrorCode.WINDOW_CLOSED, "This assessment is not open yet.")
OVER = Refused(ErrorCode.WINDOW_CLOSED, "This assessment is closed.")
NONE_LEFT = Refused(ErrorCode.ATTEMPT_LIMIT, "There are no attempts left.")
ELSEWHERE = Refused(
    ErrorCode.IN_PROGRESS, "Another attempt of yours is still open.", retryable=True
)


@dataclass(frozen=True, slots=True)
class Starter:
    """Who begins; `decimal` names the scorer that the attempt keeps."""

    tenant: TenantId
    user: int
    accommodation: Accommodation = NO_ACCOMMODATION
    preview: bool = False
    decimal: bool = True


def start(who: Starter, definition: Definition, before: Prior, when: Moment) -> Decision:
    if before.running is not None:
        return Duplicate(before.running)
    if not who.preview and (refused := _why_not(who, definition, before, when)):
        return refused
    event = AttemptBegun(
        at=when.now,
        by=who.user,
        place=_place(who, definition, before),
        definition_version=definition.version,
        decimal=who.decimal,
        accommodation=who.accommodation,
    )
    return begun(before.prepared, event)


def prepare(who: Starter, definition: Definition, before: Prior, now: datetime) -> Changed | None:
    """What may be made ahead, within the time that the rules say; None where there is nothing."""
    opens_at, ahead = definition.opens_at, timedelta(seconds=definition.rules.prepare_s)
    is_time = opens_at is not None and opens_at - ahead <= now < opens_at
    is_free = before.running is None and before.prepared is None and not before.elsewhere
    if not is_time or not is_free or _is_used_up(who, definition, before):
        return None
    return begun(None, AttemptPrepared(at=now, by=None, place=_place(who, definition, before)))


def _why_not(who: Starter, definition: Definition, before: Prior, when: Moment) -> Refused | None:
    if before.elsewhere:
        return ELSEWHERE
    if _is_used_up(who, definition, before):
        return NONE_LEFT
    if definition.opens_at is not None and when.now < definition.opens_at:
        return EARLY
    last_at = _last_start(who, definition, when)
    return OVER if last_at is not None and when.judged_at > last_at else None


def _is_used_up(who: Starter, definition: Definition, before: Prior) -> bool:
    allowed = definition.attempts_allowed
    return allowed is not None and before.used >= allowed + who.accommodation.extra_attempts


def _last_start(who: Starter, definition: Definition, when: Moment) -> datetime | None:
    """Late work may still be begun, unless its own time would make it end like any other."""
    closes_at = window(definition, who.accommodation, when.now).closes_at
    if definition.time_limit is not None:
        return closes_at
    return later(closes_at, late_span(definition))


def _place(who: Starter, definition: Definition, before: Prior) -> Place:
    if before.prepared is not None:
        return before.prepared.place
    return Place(who.tenant, definition.assessment, who.user, before.last + 1, who.preview)
