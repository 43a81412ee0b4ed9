"""Decides what becomes of a class: pure, so that every way through it can be gone in a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.contracts.errors import ErrorCode, Refused
from services.contracts.live_class import LiveClassState

BEFORE = timedelta(minutes=15)
"""So long before a class begins its learners may come in."""
AFTER = timedelta(hours=2)
"""So long after its end in the timetable a class that nobody ended ends by itself."""
MOST_BREAKOUTS, LONGEST_MINUTES = 100, 240

NOT_YET = Refused(
    ErrorCode.CLASS_CLOSED,
    "This class is not open yet: its doors open 15 minutes before it begins.",
)
OVER = Refused(ErrorCode.CLASS_CLOSED, "This class has ended.")
ELSEWHERE = Refused(ErrorCode.CLASS_CLOSED, "This class is held on the old side.")
UNOPENED = Refused(ErrorCode.CLASS_CLOSED, "This class is not open.")
NOT_JOINED = Refused(ErrorCode.INVALID, "Join the class first.")
BAD_COUNT = Refused(ErrorCode.INVALID, f"There may be 1 to {MOST_BREAKOUTS} breakout rooms.")
BAD_MINUTES = Refused(
    ErrorCode.INVALID, f"Breakout rooms stay open for 1 to {LONGEST_MINUTES} minutes."
)
NO_BREAKOUT = Refused(ErrorCode.INVALID, "There is no such breakout room.")

State = LiveClassState


@dataclass(frozen=True, slots=True)
class Hours:
    """A class as it stands in the timetable, and the time now."""

    starts_at: datetime
    ends_at: datetime
    now: datetime

    @property
    def forgotten_at(self) -> datetime:
        return self.ends_at + AFTER


def joined(state: State | None, hours: Hours, *, teaches: bool) -> State | Refused:
    """Its state once they are in; `state` is None where nobody has opened it."""
    if state is State.ENDED:
        return OVER
    if state is not None:
        return state
    if hours.now >= (hours.forgotten_at if teaches else hours.ends_at):
        return OVER
    if not teaches and hours.now < hours.starts_at - BEFORE:
        return NOT_YET
    return State.OPEN


def started(state: State | None, hours: Hours) -> State | Refused:
    """A teacher may begin at any time: to begin one that has begun is to leave it as it is."""
    now = joined(state, hours, teaches=True)
    return now if isinstance(now, Refused) else State.LIVE


def ended(state: State | None) -> State | Refused:
    """To end one that has ended is to leave it as it is."""
    return UNOPENED if state is None else State.ENDED


def going_on(state: State | None) -> State | Refused:
    """What is done within a class needs one that is open."""
    if state is None:
        return UNOPENED
    return OVER if state is State.ENDED else state


def breakouts(count: int, minutes: int) -> Refused | None:
    """Why they cannot be opened."""
    if not 1 <= count <= MOST_BREAKOUTS:
        return BAD_COUNT
    if not 1 <= minutes <= LONGEST_MINUTES:
        return BAD_MINUTES
    return None


def spread(users: Sequence[int], count: int) -> dict[int, int]:
    """The number of each one's room, from 1 on: no room has two more than another."""
    return {user: place % count + 1 for place, user in enumerate(users)}
