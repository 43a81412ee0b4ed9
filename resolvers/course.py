"""Answers for courses: what they are, what is in them, who takes them; and their renaming."""

from collections.abc import Sequence

from resolvers.context import Context
from resolvers.paging import place
from resolvers.ports import Each
from services.contracts.errors import ErrorCode, Refused
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
    return renamed if isinstance(renamed, Refused) else CourseRenamed(renamed)
