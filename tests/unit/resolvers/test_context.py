"""What is made for one request is gone with it."""

import gc

from resolvers.context import Context, context_for
from services.kit.clock import SystemClock
from tests.fakes.asking import CONSISTENCY
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import add_tenant, viewer


def held() -> int:
    return sum(isinstance(thing, Context) for thing in gc.get_objects())


async def test_a_context_is_not_left_to_the_garbage_collector() -> None:
    platform, clock = FakePlatform(), SystemClock()
    add_tenant(platform, "acme")
    sources = sources_of(platform)
    gc.collect()
    gc.disable()
    try:
        before = held()
        for _ in range(10):
            context = context_for(viewer("acme"), clock, 5.0, sources, CONSISTENCY)
            await context.enrolments.get()
            await context.person.get()
            await context.close()
            del context
        left = held() - before
    finally:
        gc.enable()

    assert left == 0
