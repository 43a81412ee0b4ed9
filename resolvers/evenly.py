"""Says that there is no such thing at fixed times, so that the time tells nobody why not."""

from typing import Any

from resolvers.context import Context
from services.contracts.errors import HIDDEN, Refused
from services.kit.exactly import sleep_exactly

TICK_S = 0.025
"""Far more than what forbids takes longer, or less long, than what finds nothing."""


def is_hidden(item: Any) -> bool:
    return isinstance(item, Refused) and item.code is HIDDEN.code


async def evenly(ctx: Context, since_s: float) -> None:
    """Returns at the next tick of those that began at `since_s`, on the clock's monotonic scale.

    At the tick itself: what a timer rounds it by would tell what was spent before it.
    """
    spent_s = ctx.clock.monotonic_s() - since_s
    await sleep_exactly(TICK_S - spent_s % TICK_S)
