"""What an event says about learning: lessons that were completed, attempts as they are now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.contracts.assessment import AttemptState
from services.contracts.events import (
    AttemptChanged,
    AttemptsRecorded,
    Event,
    LessonsCompleted,
    PastAttempt,
)

HANDED_IN = {AttemptState.SUBMITTED, AttemptState.PENDING_REVIEW, AttemptState.GRADED}


@dataclass(frozen=True, slots=True)
class LessonDone:
    tenant: str
    user: int
    course: int
    lesson: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AttemptNow:
    """An attempt as `cause` tells it; `score` is None as long as it may not be relied upon.

    The old side does not say in which course.
    """

    cause: str
    tenant: str
    user: int
    course: int | None
    assessment: int
    attempt: PastAttempt
    score: float | None
    at: datetime

    @property
    def is_handed_in(self) -> bool:
        return self.attempt.state in HANDED_IN


Fact: TypeAlias = LessonDone | AttemptNow


def facts(event: Event) -> Iterator[Fact]:
    """None of most events."""
    match event.data:
        case LessonsCompleted(course, user, lessons):
            for lesson in lessons:
                yield LessonDone(event.tenant, user, course, lesson, event.at)
        case AttemptsRecorded(assessment, user, attempts):
            for attempt in attempts:
                yield _attempt(event, user, None, assessment, attempt)
        case AttemptChanged() as said:
            yield _attempt(
                event, said.user, said.course, said.assessment, said.attempt, said.provisional
            )


def _attempt(
    event: Event,
    user: int,
    course: int | None,
    assessment: int,
    attempt: PastAttempt,
    is_provisional: bool = False,
) -> AttemptNow:
    is_final = attempt.state is AttemptState.GRADED and not is_provisional
    return AttemptNow(
        f"{event.source}/{event.stream}/{event.version}",
        event.tenant,
        user,
        course,
        assessment,
        attempt,
        attempt.score if is_final else None,
        event.at,
    )
