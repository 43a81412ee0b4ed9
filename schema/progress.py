"""How far somebody has come in a course; and the completion of a lesson."""

from typing import Annotated

import strawberry

from resolvers import guards, progress
from schema.binding import batched, of
from schema.errors import Refused
from schema.lesson import Lesson
from services.contracts import learning


@strawberry.type(description="Lessons done of the lessons there are; `ratio` is between 0 and 1.")
@of(learning.Progress)
class Progress:
    completed: int
    total: int
    ratio: float


@strawberry.input
class CompleteLessonInput:
    lesson_id: strawberry.ID
    key: strawberry.ID


@strawberry.type
@of(learning.LessonCompleted)
class LessonCompleted:
    lesson: Lesson | None
    progress: Progress | None = batched(progress.of_completions, guards=[guards.enrolled])


CompleteLessonResult = Annotated[
    LessonCompleted | Refused, strawberry.union("CompleteLessonResult")
]
