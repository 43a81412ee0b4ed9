"""Answers for progress, one's own and that of a roster's learners; and completes a lesson."""

from collections.abc import AsyncGenerator, Sequence

from resolvers.context import Context
from resolvers.ports import Each
from services.contracts.errors import Refused
from services.contracts.ids import CourseId, LessonId, decode
from services.contracts.learning import (
    Course,
    LearnerInCourse,
    LessonCompleted,
    Progress,
)
from services.kit.telemetry import moment


async def of_courses(ctx: Context, courses: Sequence[Course]) -> Each[Progress]:
    return await ctx.sources.progress.mine(ctx.caller, [course.id for course in courses])


async def of_rows(ctx: Context, rows: Sequence[LearnerInCourse]) -> Each[Progress]:
    pairs = [(row.course_id, row.learner.id) for row in rows]
    return await ctx.sources.progress.of_learners(ctx.caller, pairs)


async def of_completions(ctx: Context, done: Sequence[LessonCompleted]) -> Each[Progress]:
    return await ctx.sources.written.mine(ctx.caller, [one.course_id for one in done])


async def complete_lesson(ctx: Context, lesson_id: LessonId, key: str) -> LessonCompleted | Refused:
    lesson = await ctx.sources.completions.complete(ctx.caller, lesson_id, key)
    return lesson if isinstance(lesson, Refused) else LessonCompleted(lesson)


async def updates(ctx: Context, course_id: CourseId) -> AsyncGenerator[Progress | Refused, None]:
    """One's own progress as it is, then each time it has changed."""
    told: Progress | Refused | None = None
    traceparent: str | None = None
    async with ctx.sources.topics.listen(_topic(ctx, course_id)) as ear:
        while True:
            now = await _read(ctx.renewed(), course_id)
            if now != told:
                told = now
                yield now
                moment("push progressUpdated", traceparent)
            traceparent = await ear.next()


async def _read(ctx: Context, course_id: CourseId) -> Progress | Refused:
    [progress] = await ctx.sources.progress.mine(ctx.caller, [course_id])
    return progress


def _topic(ctx: Context, course_id: CourseId) -> str:
    viewer = ctx.viewer
    return f"progress:{viewer.tenant}:{decode(course_id).local}:{viewer.user}"
