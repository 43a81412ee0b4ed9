"""A service that is killed while it completes a lesson, and the learner who sends it again."""

import asyncio
import signal
import sys

import pytest

from services.commands.bus import Bus, Order
from services.contracts.learning import LessonCompleted
from services.contracts.progress_api import CompleteLesson
from services.events.bell import Bell
from services.progress.complete_lesson import COMPLETE_LESSON
from tests.integration.progress.campus import Campus
from tests.integration.progress.completing import NONE, ONCE, OUTBOX, effects, tell_nobody
from tests.integration.progress.dying import AFTER_COMMIT, KEY, STEPS

DIES_WITHIN_S = 30.0


@pytest.mark.parametrize("step", STEPS)
async def test_a_command_that_was_killed_and_sent_again_has_one_effect(
    campus: Campus, progress_url: str, bell: Bell, step: str
) -> None:
    assert await die(progress_url, campus.tenant, step) == -signal.SIGKILL
    assert await effects(campus) == (ONCE if step == AFTER_COMMIT else NONE)

    bus = Bus(campus.pool, OUTBOX, bell, tell_nobody)
    order = Order(campus.asking().viewer, KEY, CompleteLesson(3))
    first = await bus.execute(COMPLETE_LESSON, order)
    second = await bus.execute(COMPLETE_LESSON, order)

    assert await effects(campus) == ONCE
    assert isinstance(first, LessonCompleted)
    assert second == first


async def test_a_process_that_is_not_killed_ends_well(campus: Campus, progress_url: str) -> None:
    assert await die(progress_url, campus.tenant, "never") == 0
    assert await effects(campus) == ONCE


async def die(url: str, tenant: str, step: str) -> int:
    """The exit code; a signal's number below zero."""
    module = "tests.integration.progress.dying"
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, url, tenant, step)
    async with asyncio.timeout(DIES_WITHIN_S):
        return await process.wait()
