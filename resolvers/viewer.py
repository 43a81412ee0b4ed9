"""Answers for the one who asks: their name, courses and agenda."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from resolvers.context import Context
from resolvers.paging import cut
from resolvers.ports import Each
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import LearnerId
from services.contracts.learning import Course, Learner, Person
from services.contracts.live_class import LiveClass
from services.contracts.paging import Page
from services.contracts.viewer import Viewer

LONGEST_AGENDA = timedelta(days=100)
BAD_SPAN = Refused(
    ErrorCode.INVALID, f"`to` must come after `from`, by {LONGEST_AGENDA.days} days at most."
)


async def me(ctx: Context, roots: Sequence[object]) -> list[Viewer]:
    return [ctx.viewer for _ in roots]


async def by_ids(ctx: Context, ids: Sequence[str]) -> list[Viewer | None]:
    return [ctx.viewer if text == ctx.viewer.id else None for text in ids]


async def names(ctx: Context, viewers: Sequence[Viewer]) -> list[str | Refused]:
    person = await ctx.person.get()
    return [_part(person, "name") for _ in viewers]


async def locales(ctx: Context, viewers: Sequence[Viewer]) -> list[str | Refused]:
    person = await ctx.person.get()
    return [_part(person, "locale") for _ in viewers]


def _part(person: Person | Refused, name: str) -> str | Refused:
    return person if isinstance(person, Refused) else str(getattr(person, name))


async def courses(
    ctx: Context, viewers: Sequence[Viewer], first: int = 20, after: str | None = None
) -> list[Page[Course] | Refused]:
    enrolments = await ctx.enrolments.get()
    mine = [enrolment.course for enrolment in enrolments.all]
    page = cut(mine, lambda course: (course.title.casefold(), course.id), first, after)
    return [page for _ in viewers]


async def agenda(
    ctx: Context, viewers: Sequence[Viewer], from_: datetime, to: datetime
) -> Each[list[LiveClass]]:
    if not timedelta(0) < to - from_ <= LONGEST_AGENDA:
        return [BAD_SPAN for _ in viewers]
    classes = await ctx.sources.live_classes.agenda(ctx.caller, from_, to)
    return [classes for _ in viewers]


async def learners_by_ids(ctx: Context, ids: Sequence[LearnerId]) -> Each[Learner]:
    return await ctx.sources.people.learners(ctx.caller, ids)
