"""After an acknowledged write a learner's progress never goes back, whichever side is asked."""

import asyncio
from random import Random

import pytest

from services.storage.address import database_of
from tests import figures
from tests.faults.own_replicas import Group
from tests.figures import Recorder
from tests.journeys.bars import Verdict, judge, online
from tests.journeys.classes import Class, class_of
from tests.journeys.conftest import REPLICA
from tests.journeys.unrest import Unrest
from tests.stack import Stack

FEW, MANY = 20, 200
LESSONS = 10
THINKS_S, MANY_THINK_S, STOPS_S = 0.3, 4.0, 3.0
"""Many think longer: what is looked for is what lags, not what is overrun."""
SEED = 16
PROGRESS_DATABASE = database_of("progress")

pytestmark = pytest.mark.timeout(1_500)


async def test_a_bar_never_goes_back_whatever_goes_on(
    apart: Stack, servers: Group, figure: Recorder
) -> None:
    bars = await watching(apart, sends_tokens=True)

    found = await hunt(apart, servers, bars)

    by_replica = await servers.answered(REPLICA, PROGRESS_DATABASE)
    figure("bars", **told(bars, found), transactions_at_the_replica=by_replica)
    assert by_replica > 0
    assert found.steps_back == 0
    assert found.missing == 0


async def test_it_goes_back_without_tokens(apart: Stack, servers: Group, figure: Recorder) -> None:
    bars = await watching(apart, sends_tokens=False)

    found = await hunt(apart, servers, bars)

    figure("bars", **told(bars, found))
    assert found.steps_back > 0


async def watching(stack: Stack, *, sends_tokens: bool) -> Class:
    many = MANY if figures.is_full() else FEW
    return await class_of(stack, many, LESSONS, sends_tokens=sends_tokens)


async def hunt(stack: Stack, servers: Group, bars: Class) -> Verdict:
    """They learn amid unrest; judged is what they saw."""
    thinks_s = MANY_THINK_S if figures.is_full() else THINKS_S
    unrest = Unrest(stack, bars.tenant, Random(SEED), STOPS_S)
    troubles = (
        unrest.turn_flags(),
        unrest.let_pins_run_out(),
        unrest.stop_carriers(),
        unrest.make_lag(servers, REPLICA),
    )
    async with online(bars.learners), asyncio.TaskGroup() as work:
        going_on = [work.create_task(trouble) for trouble in troubles]
        await asyncio.gather(*[learner.learn(thinks_s) for learner in bars.learners])
        for trouble in going_on:
            trouble.cancel()
    return judge([learner.saw for learner in bars.learners])


def told(bars: Class, found: Verdict) -> dict[str, int]:
    kinds = [bar.freshness for learner in bars.learners for bar in learner.saw]
    return {
        "learners": len(bars.learners),
        "bars": found.bars,
        "steps_back": found.steps_back,
        "missing": found.missing,
        "admitted": found.admitted,
        "pending": kinds.count("PENDING"),
        "degraded": kinds.count("DEGRADED"),
        "failed": sum(learner.failed for learner in bars.learners),
    }
