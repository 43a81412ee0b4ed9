"""D17: the primary is killed and a replica promoted; every acknowledged commit is there."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import pytest

from services.assessment.service import SOURCE
from services.storage.address import database_of
from tests.faults.exams import Exams, exams
from tests.faults.own_replicas import Group, own_group
from tests.faults.registry import n
from tests.faults.saving import Diary, Verdict, judge, save
from tests.faults.service_process import assessing
from tests.figures import Recorder, is_full
from tests.integration.monolith.waiting import until
from tests.stack import Stack

LEARNERS = 10
KILLS = 10 if is_full() else 2
SEED = 17
NOTICED_WITHIN_S = 2.0
"""Whoever promotes has to notice first."""
MOST_OUTAGE_S, MOST_WAIT_S = 30.0, 5.0
ENDS_WITHIN_S = 600.0


@pytest.fixture(scope="module")
async def group(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Group]:
    async with own_group(tmp_path_factory.mktemp("d17") / "home", 3, "ANY 1 (*)") as made:
        yield made


@pytest.fixture
async def hall(stack: Stack, group: Group) -> AsyncIterator[Exams]:
    async with exams(replace(stack, database=group.url), database_of(SOURCE)) as made:
        await made.define()
        yield made


@pytest.fixture
async def serves(stack: Stack, group: Group, tmp_path: Path) -> AsyncIterator[str]:
    async with assessing(stack.home, group.url, stack.redis) as url:
        yield url


async def test_d17_whatever_was_acknowledged_outlives_its_primary(
    hall: Exams, group: Group, serves: str, figure: Recorder
) -> None:
    users = await hall.admit(LEARNERS)
    attempts = await hall.begin(users)
    times, diary = n("D17") // LEARNERS, Diary()

    async with asyncio.TaskGroup() as work:
        for user, attempt in zip(users, attempts, strict=True):
            work.create_task(save(hall, serves, user, attempt, times, diary))
        await kill_primaries(group, diary, times * LEARNERS)

    verdict = await judge(hall, diary)
    figure("D17", acknowledged=diary.count, primaries_killed=KILLS, lost=verdict.lost)
    figure("D17", doubled=verdict.doubled, by_half=verdict.partial)
    figure("D17", outage_s=round(diary.outage_s, 1), longest_wait_s=round(diary.longest_s, 1))
    assert verdict == Verdict()
    assert diary.outage_s <= MOST_OUTAGE_S
    assert diary.longest_s <= MOST_WAIT_S


async def test_d17_fails_without_a_synchronous_replica(
    hall: Exams, group: Group, serves: str, figure: Recorder
) -> None:
    users = await hall.admit(1)
    [attempt] = await hall.begin(users)
    diary = Diary()
    await group.cut_off()

    await save(hall, serves, users[0], attempt, 20, diary)
    await group.fail_over(0)

    verdict = await judge(hall, diary)
    figure("D17", lost_without_a_synchronous_replica=verdict.lost)
    assert verdict.lost > 0


async def kill_primaries(group: Group, diary: Diary, saves: int) -> None:
    """At random moments; each is back as a replica before the next one is killed."""
    dice = Random(SEED)
    for moment in sorted(dice.uniform(0.1, 0.8) * saves for _ in range(KILLS)):
        await until(partial(_has_come, diary, moment), ENDS_WITHIN_S)
        dead = await group.fail_over(dice.uniform(0, NOTICED_WITHIN_S))
        await group.rejoin(dead)


async def _has_come(diary: Diary, saves: float) -> bool:
    return diary.count >= saves
