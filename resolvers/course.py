"""Answers for courses: what they are, what is in them, who takes them; and their renaming."""

from collections.abc import Sequence

from resolvers.context import Context
from resolvers.paging import place
from resolvers.ports import Each
from services.contracts.errors import ErrorCode, Refused
from services.contracts.freshness import ConsistencyToken
from services.contracts.ids import CourseId, LessonId
from services.contracts.learning import (
    Course,
    CourseRenamed,
    LearnerInCourse,
    Lesson,
    Module,
)
from services.contracts.paging import Page

LONGEST_TITLE = 200
BAD_TITLE = Refused(ErrorCode.INVALID, f"A title has between 1 and {LONGEST_TITLE} characters.")


async def by_ids(ctx: Context, ids: Sequence[CourseId]) -> Each[Course]:
    return await ctx.sources.courses.many(ctx.caller, ids)


async def lessons_by_ids(ctx: Context, ids: Sequence[LessonId]) -> Each[Lesson]:
    return await ctx.sources.courses.lessons(ctx.caller, ids)


async def outlines(ctx: Context, courses: Sequence[Course]) -> Each[list[Module]]:
    return await ctx.sources.courses.outlines(ctx.caller, [course.id for course in courses])


async def completed(ctx: Context, lessons: Sequence[Lesson]) -> list[bool | Refused]:
    """Asked for once a course, however many of its lessons are shown."""
    courses = list(dict.fromkeys(one.course_id for one in lessons if one.completed is None))
    found = await ctx.sources.courses.completed(ctx.caller, courses) if courses else []
    done = {
        course: own if isinstance(own, Refused) else frozenset(own.lessons)
        for course, own in zip(courses, found, strict=True)
    }
    return [_is_completed(one, done.get(one.course_id, frozenset())) for one in lessons]


def _is_completed(lesson: Lesson, done: frozenset[LessonId] | Refused) -> bool | Refused:
    if lesson.completed is not None:
        return lesson.completed
    return done if isinstance(done, Refused) else lesson.id in done


async def rosters(
    ctx: Context, courses: Sequence[Course], first: int = 50, after: str | None = None
) -> Each[Page[LearnerInCourse]]:
    seen = place(first, after)
    if isinstance(seen, Refused):
        return [seen for _ in courses]
    ids = [course.id for course in courses]
    return await ctx.sources.courses.rosters(ctx.caller, ids, first, seen)


async def rename(
    ctx: Context, course_id: CourseId, title: str, key: str
) -> CourseRenamed | Refused:
    if not 1 <= len(title.strip()) <= LONGEST_TITLE:
        return BAD_TITLE
    renamed = await ctx.sources.editing.rename(ctx.caller, course_id, title.strip(), key)
    if isinstance(renamed, CourseRenamed):
        ctx.sight.writes(renamed.seen)
    return renamed


def token_of(ctx: Context, renamed: CourseRenamed) -> ConsistencyToken:
    return ctx.consistency.token(renamed.seen)
