"""Who is told over Redis that an attempt changed: after the commit, on either side."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.fakes.tenant import LEARNER, TEACHER
from tests.integration.assessment.campus import Campus, chose
from tests.integration.assessment.definitions import QUIZ
from tests.integration.assessment.test_sides import past
from tests.integration.assessment.test_supervising import pause
from tests.integration.progress.test_topics import Ear
from tests.stack import Stack


@pytest.fixture
async def ear(stack: Stack) -> AsyncIterator[Ear]:
    async with Redis.from_url(stack.redis) as redis:
        made = Ear(redis)
        yield made
        await made.close()


async def test_each_change_of_an_attempt_is_announced(campus: Campus, ear: Ear) -> None:
    await ear.listen(f"attempt:{campus.tenant}:{QUIZ}-{LEARNER}-1")

    begun = await campus.started()
    await campus.saved(begun.id, chose("q1", "b"))
    await pause(campus, TEACHER, begun.id)

    for _ in range(3):
        assert (await ear.next() or b"").startswith(b'{"traceparent":"00-')
    assert await ear.next(within_s=0.1) is None


async def test_the_old_sides_attempts_are_announced_alike(campus: Campus, ear: Ear) -> None:
    await ear.listen(f"attempt:{campus.tenant}:{QUIZ}-{LEARNER}-2")

    await campus.attempted(past(1), past(2))

    assert await ear.next() == b'{"traceparent":null}'
