"""The two assessments of the contract tests' tenant, and what learners made of one of them."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from services.contracts.assessment import (
    Assessment,
    AssessmentKind,
    Attempt,
    AttemptState,
    Choice,
    Item,
    ItemKind,
    Score,
    ScoringPolicy,
    Source,
)
from services.contracts.ids import CourseId
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import LEARNER, OTHER, assessment_id, attempt_id, learner_id

QUIZ, EXAM = 7, 8

MIDNIGHT = datetime(2026, 3, 1, 17, tzinfo=UTC)
"""The second of March begins in Jakarta."""


def add_exams(platform: FakePlatform, tenant: str, course: CourseId) -> None:
    for one in (_quiz(tenant, course), _exam(tenant, course)):
        platform.assessments[one.id] = one
    items = [_item(number, kind) for number, kind in enumerate(ItemKind, start=1)]
    platform.items[assessment_id(tenant, QUIZ)] = items
    platform.items[assessment_id(tenant, EXAM)] = []
    _attempts(platform, tenant, course)


def _quiz(tenant: str, course: CourseId) -> Assessment:
    return Assessment(
        id=assessment_id(tenant, QUIZ),
        course_id=course,
        title="Quiz",
        kind=AssessmentKind.QUIZ,
        opens_at=None,
        closes_at=None,
        time_limit=None,
        grace=timedelta(0),
        attempts_allowed=None,
        scoring_policy=ScoringPolicy.AVERAGE,
        weight=12.5,
    )


def _exam(tenant: str, course: CourseId) -> Assessment:
    return Assessment(
        id=assessment_id(tenant, EXAM),
        course_id=course,
        title="Exam",
        kind=AssessmentKind.EXAM,
        opens_at=MIDNIGHT,
        closes_at=MIDNIGHT + timedelta(hours=6, minutes=59, seconds=59),
        time_limit=timedelta(minutes=90),
        grace=timedelta(seconds=30),
        attempts_allowed=1,
        scoring_policy=ScoringPolicy.LATEST,
        weight=87.5,
    )


def _item(number: int, kind: ItemKind) -> Item:
    choices = [Choice("a", "Ribosome"), Choice("b", "Mitochondrion")]
    return Item(f"q{number}", f"Question {number}", kind, choices, number / 2)


def _attempts(platform: FakePlatform, tenant: str, course: CourseId) -> None:
    """The newest stands first, so that the order they are given in is the side's own work."""
    third = _attempt(tenant, LEARNER, 3, AttemptState.IN_PROGRESS, None)
    second = _attempt(tenant, LEARNER, 2, AttemptState.PENDING_REVIEW, None)
    first = _attempt(tenant, LEARNER, 1, AttemptState.GRADED, Score(3.5, 7.5, late=True))
    others = _attempt(tenant, OTHER, 1, AttemptState.GRADED, Score(0.0, 7.5))
    for attempt in (third, second, first, replace(others, banked=True)):
        platform.attempts[attempt.id] = replace(attempt, course_id=course)


def _attempt(
    tenant: str, user: str, number: int, state: AttemptState, score: Score | None
) -> Attempt:
    began = MIDNIGHT + timedelta(hours=number)
    is_open = state is AttemptState.IN_PROGRESS
    return Attempt(
        id=attempt_id(tenant, user, QUIZ, number),
        assessment_id=assessment_id(tenant, QUIZ),
        course_id=CourseId(""),
        learner_id=learner_id(tenant, user),
        number=number,
        state=state,
        started_at=began,
        saved_at=None if is_open else began + timedelta(minutes=5),
        submitted_at=None if is_open else began + timedelta(minutes=10),
        score=score,
        source=Source.LEGACY,
    )
