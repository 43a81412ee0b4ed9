"""What a learner is shown whose completion the side that is asked does not know, rung by rung."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from flags.change import Change
from flags.names import COURSE_READ, PROGRESS_READ
from tests.integration.monolith.waiting import until
from tests.journeys.bars import Bar, Learner, online
from tests.journeys.classes import class_of
from tests.journeys.unrest import PROJECTOR, standing_still
from tests.stack import Stack

MONOLITH = "legacy.monolith"


@pytest.fixture
async def anna(apart: Stack) -> AsyncIterator[Learner]:
    """Reads at the service, completes at the monolith; she has done so once."""
    made = await class_of(apart, many=1, lessons=3)
    for capability in (COURSE_READ, PROGRESS_READ):
        await asyncio.to_thread(Change(capability, 100, made.tenant).applied, apart.home)
    [learner] = made.learners
    async with online([learner]):
        await until(lambda: reads_at_the_service(learner), most_s=20)
        await learner.complete(learner.lessons[0])
        await until(lambda: reads_at_the_service(learner), most_s=20)
        yield learner


async def reads_at_the_service(learner: Learner) -> bool:
    bar = await learner.look()
    return bar == Bar(learner.acknowledged, learner.acknowledged, "CURRENT", "SERVICE")


def shown(learner: Learner, completed: int, freshness: str, source: str) -> Bar:
    return Bar(completed, learner.acknowledged, freshness, source)


async def forget_writes(stack: Stack) -> None:
    async with Redis.from_url(stack.redis) as redis:
        await redis.delete(*[key async for key in redis.scan_iter("writes:*")])


async def test_ones_own_writes_are_laid_over_while_the_projector_stands_still(
    apart: Stack, anna: Learner
) -> None:
    with standing_still(apart, PROJECTOR):
        await anna.complete(anna.lessons[1])

        assert await anna.look() == shown(anna, 2, "PENDING", "SERVICE")


async def test_the_writer_is_asked_when_the_writes_are_forgotten(
    apart: Stack, anna: Learner
) -> None:
    with standing_still(apart, PROJECTOR):
        await anna.complete(anna.lessons[1])
        await forget_writes(apart)

        assert await anna.look() == shown(anna, 2, "CURRENT", "LEGACY")


async def test_what_was_shown_last_is_shown_when_the_writer_is_away_as_well(
    apart: Stack, anna: Learner
) -> None:
    with standing_still(apart, PROJECTOR):
        await anna.complete(anna.lessons[1])
        await forget_writes(apart)
        with standing_still(apart, MONOLITH):
            assert await anna.look() == shown(anna, 2, "DEGRADED", "SERVICE")


async def test_it_is_the_older_bar_without_a_token(apart: Stack, anna: Learner) -> None:
    with standing_still(apart, PROJECTOR):
        await anna.complete(anna.lessons[1])
        anna.token = None

        assert await anna.look() == shown(anna, 1, "CURRENT", "SERVICE")
