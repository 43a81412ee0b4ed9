"""What is made for one request is gone with it."""

import gc

from resolvers.context import Context, context_for, until
from services.contracts.learning import Enrolment
from services.kit.caller import Caller
from services.kit.clock import FakeClock, SystemClock
from tests.fakes.asking import CONSISTENCY
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import NOW, add_tenant, viewer


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


def test_who_waits_less_is_given_less_and_nobody_more() -> None:
    clock = FakeClock(NOW)
    context = context_for(viewer("acme"), clock, 1.4, sources_of(FakePlatform()), CONSISTENCY, 7.0)

    hurried = until(context, 0.2)
    clock.advance(0.1)
    renewed = hurried.renewed()

    assert until(context, 9_000_000.0) is context
    assert hurried.deadline.ends_s == renewed.deadline.ends_s == 0.2
    assert (hurried.who, hurried.received_s) == (context.who, 7.0)


async def test_what_is_renewed_is_judged_anew_by_the_hurried_too() -> None:
    platform, asked = FakePlatform(), list[Caller]()
    add_tenant(platform, "acme")
    sources = sources_of(platform)
    enrolments = sources.courses.enrolments

    async def noted(caller: Caller) -> list[Enrolment]:
        asked.append(caller)
        return list(await enrolments(caller))

    sources.courses.enrolments = noted  # type: ignore[method-assign]
    hurried = until(context_for(viewer("acme"), FakeClock(NOW), 1.4, sources, CONSISTENCY), 0.2)
    for context in (hurried, hurried.renewed(), hurried.renewed().renewed()):
        await context.enrolments.get()

    assert [caller.anew for caller in asked] == [False, True, True]
    assert {caller.deadline.ends_s for caller in asked} == {0.2}
