"""One attempt as its events left it."""

from datetime import datetime, timedelta

import msgspec

from services.assessment.model.accommodation import NO_ACCOMMODATION, NOTHING, Accommodation
from services.assessment.model.place import Place
from services.assessment.model.span import Span
from services.contracts.assessment import Answer, AttemptState, Receipt, Score

OPEN = frozenset({AttemptState.IN_PROGRESS, AttemptState.OVERDUE})
FINISHED = frozenset({AttemptState.SUBMITTED, AttemptState.PENDING_REVIEW, AttemptState.GRADED})
ENDED = FINISHED | {AttemptState.ABANDONED, AttemptState.INVALIDATED}


class Attempt(msgspec.Struct, frozen=True):
    """`version` counts its events.

    `definition_version` and `decimal` (the exact scorer, or the monolith's) are kept from its
    beginning. `credit` is time given back, `stood` the spans that it was given back for;
    `closed_at` when its own time stopped: never after its end. `taken_until` is known where time
    has closed it, and nobody: what was under way by then is still taken. `forfeit` are the percent
    of all points that being late costs. `manual` has the points that a human gave, `points` those
    that count, `regrades` those it has been graded by.
    """

    place: Place
    version: int
    state: AttemptState
    definition_version: int = 0
    decimal: bool = True
    accommodation: Accommodation = NO_ACCOMMODATION
    started_at: datetime | None = None
    saved_at: datetime | None = None
    submitted_at: datetime | None = None
    closed_at: datetime | None = None
    paused_at: datetime | None = None
    credit: timedelta = NOTHING
    stood: list[Span] = []
    taken_until: datetime | None = None
    late: bool = False
    forfeit: float = 0.0
    answers: dict[str, Answer] = {}
    points: dict[str, float] = {}
    manual: dict[str, float] = {}
    score: Score | None = None
    receipt: Receipt | None = None
    regrades: list[int] = []

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None
