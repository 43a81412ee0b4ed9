"""When a command is judged: by the assessment database's clock, less what it waited to be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(seconds=30)
"""Whatever is under way for longer was sent later, as far as time is concerned."""


@dataclass(frozen=True, slots=True)
class Moment:
    now: datetime
    judged_at: datetime


def moment(now: datetime, waited: timedelta = timedelta(0)) -> Moment:
    return Moment(now, now - min(max(waited, timedelta(0)), LONGEST_WAIT))
