"""Says that there is no such thing at fixed times, so that the time tells nobody why not."""

import asyncio
from typing import Any

from resolvers.context import Context
from services.contracts.errors import HIDDEN, Refused

TICK_S = 0.025
"""Far more than what forbids takes longer, or less long, than what finds nothing."""


def is_hidden(item: Any) -> bool:
    return isinstance(item, Refused) and item.code is HIDDEN.code


async def evenly(ctx: Context, since_s: float) -> None:
    """Returns at the next tick of those that began at `since_s`, on the clock's monotonic scale."""
    spent_s = ctx.clock.monotonic_s() - since_s
    await asyncio.sleep(TICK_S - spent_s % TICK_S)
