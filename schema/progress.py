"""How far somebody has come in a course; and the completion of a lesson."""

from typing import Annotated

import strawberry

from resolvers import guards, progress, score
from resolvers.progress import token_of
from schema.attempt import Score
from schema.binding import batched, of, told
from schema.errors import Refused
from schema.freshness import AsOf
from schema.keeping import never_kept
from schema.lesson import Lesson
from schema.strangled import ASSESSMENT_READ, PROGRESS_WRITE
from services.contracts import learning
from services.contracts.freshness import ConsistencyToken


@strawberry.type(
    description="Lessons done of the lessons there are; `ratio` is between 0 and 1.",
    directives=[never_kept()],
)
@of(learning.Progress)
class Progress:
    completed: int
    total: int
    ratio: float
    as_of: AsOf = told(progress.as_of)
    score: Score | None = batched(
        score.of_progress,
        guards=[guards.sees_progress],
        says="Of the whole course, in points of weight: of what was scored by now, and of what was "
        "not handed in before it closed, which counts as nothing.",
        keeps=never_kept(),
        moves=ASSESSMENT_READ,
    )


@strawberry.input
class CompleteLessonInput:
    lesson_id: strawberry.ID
    key: strawberry.ID


@strawberry.type
@of(learning.LessonCompleted)
class LessonCompleted:
    lesson: Lesson | None
    progress: Progress | None = batched(
        progress.of_completions,
        guards=[guards.enrolled],
        keeps=never_kept(),
        moves=PROGRESS_WRITE,
    )
    token: ConsistencyToken = told(token_of)


CompleteLessonResult = Annotated[
    LessonCompleted | Refused, strawberry.union("CompleteLessonResult")
]
