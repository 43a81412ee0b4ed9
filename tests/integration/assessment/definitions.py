"""The assessments that tests of attempts are about, as the old side tells of them."""

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from services.contracts.assessment import AssessmentKind, Choice, Item, ItemKind, ScoringPolicy
from services.contracts.events import AssessmentChanged, ItemKey

COURSE, QUIZ, EXAM, WORK = 1, 7, 8, 9
HOUR = timedelta(hours=1)

CHOICES = [Choice("a", "Ribosome"), Choice("b", "Mitochondrion"), Choice("c", "Nucleus")]
ITEMS = [
    Item("q1", "Which?", ItemKind.SINGLE_CHOICE, CHOICES, 2.0),
    Item("q2", "How many?", ItemKind.NUMERIC, [], 1.0),
    Item("q3", "Why?", ItemKind.TEXT, [], 3.0),
]
KEYS = [
    ItemKey("q1", choices=["b"]),
    ItemKey("q2", number=46.0, tolerance=0.5),
    ItemKey("q3", texts=["because"]),
]


def quiz(**changes: Any) -> AssessmentChanged:
    """Always open, with no end; its answers are judged by nobody but the scorer."""
    plain = AssessmentChanged(
        assessment=QUIZ,
        course=COURSE,
        position=1,
        title="Cells",
        kind=AssessmentKind.QUIZ,
        opens_at=None,
        closes_at=None,
        time_limit_s=None,
        grace_s=0,
        attempts_allowed=2,
        scoring_policy=ScoringPolicy.HIGHEST,
        weight=10.0,
        items=ITEMS,
        keys=KEYS,
    )
    return replace(plain, **changes)


def exam(now: datetime, **changes: Any) -> AssessmentChanged:
    """Open since an hour, for two more; an attempt lasts one, and there is one."""
    times = {"opens_at": now - HOUR, "closes_at": now + 2 * HOUR, "time_limit_s": 3_600}
    plain = quiz(assessment=EXAM, kind=AssessmentKind.EXAM, title="Exam", attempts_allowed=1)
    return replace(plain, **{**times, "grace_s": 10, **changes})
