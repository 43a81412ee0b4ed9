"""What the time of an attempt allows at an instant: to work, to be late, or nothing more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from services.assessment.model.accommodation import NOTHING
from services.assessment.model.attempt import Attempt
from services.assessment.model.definition import Definition
from services.assessment.model.window import LAST, later, window_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Times:
    """Of an attempt whose clock stands still while it is paused; None: it never comes.

    `graced_at` is when what is under way at `ends_at` has arrived; `over_at` when even late work
    is over, and `cut_off` when what is under way by then has arrived.
    """

    ends_at: datetime | None
    graced_at: datetime | None
    over_at: datetime | None
    cut_off: datetime | None
    stopped_at: datetime | None

    def lived(self, at: datetime) -> datetime:
        """The instant on the attempt's own clock."""
        return at if self.stopped_at is None else min(at, self.stopped_at)

    def is_over(self, at: datetime) -> bool:
        return self.cut_off is not None and self.lived(at) > self.cut_off

    def is_late(self, at: datetime) -> bool:
        return self.graced_at is not None and self.lived(at) > self.graced_at

    def closed_at(self, at: datetime) -> datetime:
        """When the time of an attempt stops that is finished at this instant."""
        lived = self.lived(at)
        return lived if self.over_at is None else min(lived, self.over_at)

    def days_late(self, at: datetime) -> int:
        """Days begun since its end."""
        if self.ends_at is None or not self.is_late(at):
            return 0
        return -((self.ends_at - self.lived(at)) // DAY)


def times_of(attempt: Attempt, definition: Definition) -> Times:
    ends_at = window_of(replace(attempt, paused_at=None), definition, LAST).ends_at
    late_for = late_span(definition)
    return Times(
        ends_at,
        later(ends_at, definition.grace),
        later(ends_at, late_for),
        later(ends_at, None if late_for is None else max(late_for, definition.grace)),
        attempt.paused_at,
    )


def worked_until(attempt: Attempt, definition: Definition, since: datetime) -> datetime:
    """When the last answer came, as far as that was late work; `since` where none came later."""
    over_at = times_of(attempt, definition).over_at
    saved_at = attempt.saved_at or since
    return max(since, saved_at if over_at is None else min(saved_at, over_at))


def late_span(definition: Definition) -> timedelta | None:
    """How long late work is taken (None: for good); what is within grace is not late."""
    if definition.rules.late_for_s is None:
        return None
    span = timedelta(seconds=definition.rules.late_for_s)
    return span if span > definition.grace else NOTHING
