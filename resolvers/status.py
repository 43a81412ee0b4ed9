"""Answers how the platform's move stands: the same to everybody."""

from collections.abc import Sequence

from resolvers.context import Context
from resolvers.following import Followed, Look, mark_of
from resolvers.platform import says
from resolvers.topics import Hearing, News
from services.contracts.status import PlatformStatus


async def of_platform(ctx: Context, roots: Sequence[object]) -> list[PlatformStatus]:
    now = await ctx.sources.status.now()
    return [now for _ in roots]


def outbox_age(ctx: Context, status: PlatformStatus) -> float | None:
    return status.outbox_age_s


async def look(ctx: Context, root: object, told: bytes | None) -> Look:
    """As it is, where it says something else than what was told."""
    now = await ctx.sources.status.now()
    said = mark_of(says(now))
    return Look([] if said == told else [now], said)


def _begin(ctx: Context, root: object) -> None:
    """Nobody resumes."""


def _listen(ctx: Context, root: object, news: News) -> Hearing:
    return ctx.sources.status.hear(news)


UPDATES = Followed(_listen, _begin, look, is_shared=True)
