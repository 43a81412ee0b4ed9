"""An assessment with an item of each kind, right and wrong answers to them, and attempts at it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from msgspec.structs import replace

from services.assessment.model import pause as pausing
from services.assessment.model import save as saving
from services.assessment.model import start as starting
from services.assessment.model import submit as submitting
from services.assessment.model import sweep as sweeping
from services.assessment.model.accommodation import NO_ACCOMMODATION, Accommodation
from services.assessment.model.act import Act
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Decision
from services.assessment.model.definition import Definition, default_rules
from services.assessment.model.moment import moment
from services.assessment.model.prior import Prior
from services.contracts.assessment import (
    AssessmentKind,
    AtEnd,
    Choice,
    Given,
    Item,
    ItemKind,
    Response,
    Rules,
)
from services.contracts.events import ItemKey
from tests.unit.services.assessment.subject import ASSESSMENT, BEGINS, COURSE, TEACHER, TENANT

T = TypeVar("T")
HOUR = timedelta(hours=1)
ENDS = BEGINS + HOUR
LEARNER = 11

CHOICES = [Choice(name, name.upper()) for name in "abc"]
ITEMS = [
    Item("one", "Which?", ItemKind.SINGLE_CHOICE, CHOICES, 1.0),
    Item("some", "Which ones?", ItemKind.MULTIPLE_CHOICE, CHOICES, 2.0),
    Item("number", "How many?", ItemKind.NUMERIC, [], 1.5),
    Item("essay", "Why?", ItemKind.TEXT, [], 3.0),
    Item("order", "In which order?", ItemKind.ORDERING, CHOICES, 1.5),
    Item("word", "Name it.", ItemKind.TEXT, [], 1.0),
]
KEYS = [
    ItemKey("one", choices=["a"]),
    ItemKey("some", choices=["a", "b"]),
    ItemKey("number", number=1.5, tolerance=0.1),
    ItemKey("essay"),
    ItemKey("order", choices=["a", "b", "c"]),
    ItemKey("word", texts=["cell", "Cells"]),
]
MOST = 10.0

RIGHT = {
    "one": Response(choices=["a"]),
    "some": Response(choices=["b", "a"]),
    "number": Response(number=1.6),
    "order": Response(choices=["a", "b", "c"]),
    "word": Response(text=" CELL "),
}
WRONG = Response(choices=["b"])
ESSAY = Response(text="Because.")
CLEARED = Response()


def definition(kind: AssessmentKind = AssessmentKind.QUIZ, **other: Any) -> Definition:
    """Without a limit; it closes an hour after the tests begin, without grace."""
    made = Definition(
        assessment=ASSESSMENT,
        course=COURSE,
        version=1,
        kind=kind,
        opens_at=BEGINS,
        closes_at=ENDS,
        time_limit=None,
        grace=timedelta(0),
        attempts_allowed=None,
        items=ITEMS,
        keys=KEYS,
        rules=default_rules(kind),
    )
    return replace(made, **other)


def rules(at_end: AtEnd = AtEnd.SUBMIT, **other: Any) -> Rules:
    return Rules(at_end, **other)


def given(item: str, response: Response, sequence: int = 1) -> Given:
    return Given(item, sequence, response)


def all_right() -> list[Given]:
    """Of all but the essay: 7 points of 10."""
    return [given(item, response) for item, response in RIGHT.items()]


def changed(decision: Decision | None) -> Attempt:
    assert isinstance(decision, Changed), decision
    return decision.attempt


def begun(
    by: Definition,
    at: datetime = BEGINS,
    extra: Accommodation = NO_ACCOMMODATION,
    **who: Any,
) -> Attempt:
    starter = starting.Starter(TENANT, LEARNER, extra, **who)
    return changed(starting.start(starter, by, Prior(), moment(at)))


def saved(
    attempt: Attempt, by: Definition, answers: Iterable[Given], at: datetime = BEGINS
) -> Attempt:
    return changed(saving.save(attempt, by, list(answers), moment(at)))


def submitted(
    attempt: Attempt, by: Definition, answers: Iterable[Given] = (), at: datetime = BEGINS
) -> Attempt:
    return changed(submitting.submit(attempt, by, list(answers), moment(at)))


def swept(attempt: Attempt, by: Definition, at: datetime) -> Attempt:
    return changed(sweeping.sweep(attempt, by, at))


def paused(attempt: Attempt, by: Definition, at: datetime) -> Attempt:
    return changed(pausing.pause(attempt, by, act(at)))


def resumed(attempt: Attempt, at: datetime) -> Attempt:
    return changed(pausing.resume(attempt, act(at)))


def act(at: datetime = BEGINS, reason: str = "A fire alarm.") -> Act:
    return Act(TEACHER, reason, at)


def after(seconds: float, of: datetime = BEGINS) -> datetime:
    return of + timedelta(seconds=seconds)
