"""The root of all mutations."""

import strawberry

from resolvers import course, guards, progress
from schema.binding import command
from schema.course import RenameCourseInput, RenameCourseResult
from schema.progress import CompleteLessonInput, CompleteLessonResult
from services.contracts.ids import Kind


@strawberry.type
class Mutation:
    rename_course: RenameCourseResult = command(
        course.rename,
        RenameCourseInput,
        by="course_id",
        guards=[guards.names(Kind.COURSE), guards.teaches],
    )
    complete_lesson: CompleteLessonResult = command(
        progress.complete_lesson,
        CompleteLessonInput,
        by="lesson_id",
        guards=[guards.names(Kind.LESSON)],
    )
