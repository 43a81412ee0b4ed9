"""Answers for live classes as scheduled."""

from collections.abc import Sequence
from datetime import datetime

from resolvers.context import Context
from resolvers.ports import Each
from services.contracts.ids import LiveClassId
from services.contracts.learning import Course
from services.contracts.live_class import LiveClass


async def by_ids(ctx: Context, ids: Sequence[LiveClassId]) -> Each[LiveClass]:
    return await ctx.sources.live_classes.many(ctx.caller, ids)


async def of_courses(
    ctx: Context,
    courses: Sequence[Course],
    from_: datetime | None = None,
    to: datetime | None = None,
) -> Each[list[LiveClass]]:
    ids = [course.id for course in courses]
    return await ctx.sources.live_classes.of_courses(ctx.caller, ids, from_, to)


async def courses_of(ctx: Context, classes: Sequence[LiveClass]) -> Each[Course]:
    return await ctx.sources.courses.many(ctx.caller, [one.course_id for one in classes])
