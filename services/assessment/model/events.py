"""What happens to attempts, once and for good: an attempt is what its events come to.

`at` is when it was written, `by` who did it: None where time did.
"""

from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.place import Place
from services.contracts.assessment import Answer, AttemptState, Receipt, Score


class Happening(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    at: datetime
    by: int | None


class AttemptPrepared(Happening, frozen=True, tag=True, kw_only=True):
    """Made ahead of the opening, so that a beginning is but an update."""

    place: Place


class AttemptBegun(Happening, frozen=True, tag=True, kw_only=True):
    place: Place
    definition_version: int
    decimal: bool
    accommodation: Accommodation


class AnswersSaved(Happening, frozen=True, tag=True, kw_only=True):
    """`answers` are those that were new: one an item."""

    answers: list[Answer]


class TimeExtended(Happening, frozen=True, tag=True, kw_only=True):
    """`accommodation` is all that the learner has by now."""

    accommodation: Accommodation
    state: AttemptState
    reason: str


class AttemptPaused(Happening, frozen=True, tag=True, kw_only=True):
    reason: str


class AttemptResumed(Happening, frozen=True, tag=True, kw_only=True):
    """`credit` is what the pause took."""

    credit: timedelta
    reason: str


class TimeCredited(Happening, frozen=True, tag=True, kw_only=True):
    """`credit` is what the outage took of it, as far as that is given back by itself."""

    since: datetime
    until: datetime
    credit: timedelta
    reason: str


class WentOverdue(Happening, frozen=True, tag=True, kw_only=True):
    pass


class AttemptSubmitted(Happening, frozen=True, tag=True, kw_only=True):
    """`taken_until` where time has submitted it: what was under way by then may come yet."""

    submitted_at: datetime
    closed_at: datetime
    late: bool
    forfeit: float
    receipt: Receipt
    taken_until: datetime | None = None


class AttemptAbandoned(Happening, frozen=True, tag=True, kw_only=True):
    closed_at: datetime
    taken_until: datetime


class AttemptScored(Happening, frozen=True, tag=True, kw_only=True):
    """`waiting` are the items that a human has to judge first."""

    points: dict[str, float]
    score: Score
    waiting: list[str]
    regrades: list[int]


class ItemGraded(Happening, frozen=True, tag=True, kw_only=True):
    """What a human gave; `before` is what counted until then."""

    item: str
    before: float
    points: float
    note: str | None
    score: Score
    waiting: list[str]


class ItemRegraded(Happening, frozen=True, tag=True, kw_only=True):
    """What another right answer made of an item, and of the score."""

    regrade: int
    item: str
    before: float
    points: float
    score_before: Score
    score: Score
    waiting: list[str]
    reason: str


class AttemptVoided(Happening, frozen=True, tag=True, kw_only=True):
    closed_at: datetime
    reason: str


class AttemptReopened(Happening, frozen=True, tag=True, kw_only=True):
    """`credit` is the time it was closed for: what was left is left again."""

    credit: timedelta
    accommodation: Accommodation
    reason: str


AttemptEvent: TypeAlias = (
    AttemptPrepared
    | AttemptBegun
    | AnswersSaved
    | TimeExtended
    | AttemptPaused
    | AttemptResumed
    | TimeCredited
    | WentOverdue
    | AttemptSubmitted
    | AttemptAbandoned
    | AttemptScored
    | ItemGraded
    | ItemRegraded
    | AttemptVoided
    | AttemptReopened
)
