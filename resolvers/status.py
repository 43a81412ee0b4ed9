"""Answers how the platform's move stands: the same to everybody."""

from collections.abc import AsyncGenerator, Sequence

from resolvers.context import Context
from services.contracts.status import PlatformStatus


async def of_platform(ctx: Context, roots: Sequence[object]) -> list[PlatformStatus]:
    now = await ctx.sources.status.now()
    return [now for _ in roots]


def outbox_age(ctx: Context, status: PlatformStatus) -> float | None:
    return status.outbox_age_s


async def updates(ctx: Context, root: object) -> AsyncGenerator[PlatformStatus, None]:
    """As it is, then each time that it says something else."""
    told = await ctx.sources.status.now()
    while True:
        yield told
        told = await ctx.sources.status.after(told)
