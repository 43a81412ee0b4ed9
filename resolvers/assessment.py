"""Answers for assessments: their definitions and their items."""

from collections.abc import Sequence
from datetime import UTC, datetime

from resolvers.context import Context
from resolvers.paging import cut
from resolvers.ports import Each
from services.contracts.assessment import Assessment, Item
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId
from services.contracts.learning import Course
from services.contracts.paging import Key, Page

NEVER = datetime.max.replace(tzinfo=UTC)


async def by_ids(ctx: Context, ids: Sequence[AssessmentId]) -> Each[Assessment]:
    return await ctx.sources.assessments.many(ctx.caller, ids)


async def of_courses(
    ctx: Context, courses: Sequence[Course], first: int = 20, after: str | None = None
) -> list[Page[Assessment] | Refused]:
    lists = await ctx.sources.assessments.of_courses(ctx.caller, [course.id for course in courses])
    return [
        found if isinstance(found, Refused) else cut(found, _by_close, first, after)
        for found in lists
    ]


def _by_close(assessment: Assessment) -> Key:
    return ((assessment.closes_at or NEVER).isoformat(), assessment.id)


async def items(ctx: Context, assessments: Sequence[Assessment]) -> Each[list[Item]]:
    return await ctx.sources.assessments.items(ctx.caller, [one.id for one in assessments])
