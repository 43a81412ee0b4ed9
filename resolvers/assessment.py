"""Answers for assessments: their definitions, their items, and the viewer's own attempts."""

from collections.abc import Sequence
from datetime import UTC, datetime

from resolvers.context import Context
from resolvers.paging import cut
from resolvers.ports import Each
from services.contracts.assessment import Assessment, Attempt, Item
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId, AttemptId
from services.contracts.learning import Course, Learner
from services.contracts.paging import Key, Page

NEVER = datetime.max.replace(tzinfo=UTC)


async def by_ids(ctx: Context, ids: Sequence[AssessmentId]) -> Each[Assessment]:
    return await ctx.sources.assessments.many(ctx.caller, ids)


async def attempts_by_ids(ctx: Context, ids: Sequence[AttemptId]) -> Each[Attempt]:
    return await ctx.sources.assessments.attempts(ctx.caller, ids)


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


async def my_attempts(
    ctx: Context, assessments: Sequence[Assessment], first: int = 5, after: str | None = None
) -> list[Page[Attempt] | Refused]:
    ids = [assessment.id for assessment in assessments]
    lists = await ctx.sources.assessments.my_attempts(ctx.caller, ids)
    return [
        found if isinstance(found, Refused) else cut(found, _by_number, first, after)
        for found in lists
    ]


def _by_number(attempt: Attempt) -> Key:
    return (f"{attempt.number:06}", attempt.id)


async def of_attempts(ctx: Context, attempts: Sequence[Attempt]) -> Each[Assessment]:
    return await by_ids(ctx, [attempt.assessment_id for attempt in attempts])


async def learners_of_attempts(ctx: Context, attempts: Sequence[Attempt]) -> Each[Learner]:
    return await ctx.sources.people.learners(
        ctx.caller, [attempt.learner_id for attempt in attempts]
    )
