"""What an archived attempt comes to by the code that serves submissions."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from services.assessment.model.answers import is_answer
from services.assessment.model.attempt import OPEN, Attempt
from services.assessment.model.marking import score_of, scored
from services.assessment.model.place import Place
from services.assessment.model.rules import ALL
from services.assessment.model.times import Times, times_of
from services.assessment.replay.archive import AttemptLine
from services.assessment.replay.known import Known
from services.contracts.assessment import Answer, AtEnd, Response
from services.contracts.ids import TenantId

PLACE = Place(TenantId(""), 0, 0, 1)
NEVER = datetime.min.replace(tzinfo=UTC)


class Outcome(msgspec.Struct, frozen=True):
    """`score` is None where there is none (yet); `waiting`: for a human."""

    score: float | None
    max: float
    late: bool
    penalty: float
    points: dict[str, float]
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended; `takes` says whether what was answered came in time."""

    late: bool = False
    forfeit: float = 0.0
    takes: bool = True


def outcome_of(line: AttemptLine, known: Known, at: datetime) -> Outcome:
    """`at` is when the archive was made: what had run out of time by then is closed by it."""
    attempt = _attempt(line, known)
    ending = _ending(line, attempt, known, at)
    if ending is None:
        most = score_of(attempt, scored(attempt, known.model, (), {}), None).max
        return Outcome(None, most, False, 0.0, {})
    ended = msgspec.structs.replace(
        attempt,
        late=ending.late,
        forfeit=ending.forfeit,
        answers=attempt.answers if ending.takes else {},
    )
    found = scored(ended, known.model, (), ended.manual)
    score = score_of(ended, found, None)
    return Outcome(score.raw, score.max, score.late, score.penalty, found.points, score.provisional)


def _attempt(line: AttemptLine, known: Known) -> Attempt:
    return Attempt(
        place=PLACE,
        version=1,
        state=line.state,
        decimal=line.decimal,
        started_at=line.started_at,
        saved_at=line.saved_at,
        submitted_at=line.submitted_at,
        answers={
            item: Answer(item, 0, said, NEVER)
            for item, said in line.answers.items()
            if _is_taken(known, item, said)
        },
        manual=line.marks,
    )


def _is_taken(known: Known, item: str, said: Response) -> bool:
    asked = known.items.get(item)
    return asked is not None and is_answer(asked, said)


def _ending(line: AttemptLine, attempt: Attempt, known: Known, at: datetime) -> Ending | None:
    """None where it is still open; where no instants are known what was recorded stands."""
    is_open = line.state in OPEN
    until = at if is_open else line.submitted_at
    if until is None:
        return Ending(late=bool(line.late))
    times = times_of(attempt, known.model)
    if times.is_over(until):
        return _by_time(line, known, times)
    if is_open:
        return None
    forfeit = min(ALL, times.days_late(until) * known.model.rules.late_penalty)
    return Ending(times.is_late(until), forfeit)


def _by_time(line: AttemptLine, known: Known, times: Times) -> Ending | None:
    """Handed in when its time was over, with what had come by then."""
    if known.model.rules.at_end is not AtEnd.SUBMIT:
        return None
    is_in_time = line.saved_at is not None and not times.is_over(line.saved_at)
    return Ending(takes=is_in_time)
