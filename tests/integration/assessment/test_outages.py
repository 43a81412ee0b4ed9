"""While nobody can reach the service no attempt's time passes, and each is told so once."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import active_children

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from services.assessment.duties.crediting import MOST_TRIES, Crediting
from services.assessment.duties.telling import Telling
from services.assessment.model.outage import REASON
from services.assessment.rights import WORKER
from services.assessment.service import Addresses
from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import SAVE, SUBMIT, Save, Submit
from services.events.role import Role
from services.storage import db
from tests.faults.exams import NOBODY, TENANT, Exams, exams
from tests.faults.quiz import QUIZ, answers, written
from tests.faults.silent_service import mute, quick
from tests.faults.whole_service import Arm, whole
from tests.integration.monolith.waiting import until
from tests.integration.progress.test_topics import Ear
from tests.stack import Stack

AWAY_S, LIMIT_S = 6.0, 15
NEAR = timedelta(seconds=1)
CREDITS = """
SELECT user_id, at, by, (data ->> 'since')::timestamptz AS since,
    (data ->> 'until')::timestamptz AS until, data ->> 'reason' AS reason
FROM attempt_events WHERE data ->> 'type' = 'TimeCredited' ORDER BY user_id
"""
STATES = "SELECT user_id, state FROM attempts ORDER BY user_id"
CLOSED = """
SELECT user_id, (data ->> 'started_at')::timestamptz, (data ->> 'closed_at')::timestamptz
FROM attempts WHERE user_id = ANY ($1::bigint[])
"""
BREAK = "UPDATE attempts SET data = data - 'place' WHERE user_id = $1"
AWAY_NOW = """
INSERT INTO outages (since, until) VALUES (exam_now(), exam_now() + interval '5 seconds')
"""
API = frozenset({Role.API})
PENDING = "SELECT count(*) FROM outages WHERE credited_at IS NULL"
BEATS = "SELECT count(*) FROM beat"


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_outages") as made:
        yield made


@pytest.fixture
async def ear(stack: Stack) -> AsyncIterator[Ear]:
    async with Redis.from_url(stack.redis) as redis:
        made = Ear(redis)
        yield made
        await made.close()


def at(hall: Exams, stack: Stack) -> Addresses:
    return Addresses(hall.database, stack.redis, NOBODY)


async def sit(hall: Exams, learners: int = 3, limit_s: int = LIMIT_S) -> list[int]:
    """They have begun, and saved what they know."""
    await hall.define(replace(QUIZ, time_limit_s=limit_s))
    users = await hall.admit(learners)
    for user, attempt in zip(users, await hall.begin(users), strict=True):
        done = await hall.do(user, SAVE, Save(attempt, answers()))
        assert isinstance(done, AttemptAccepted)
    return users


async def now(hall: Exams) -> datetime:
    [(found,)] = await hall.rows("SELECT exam_now()")
    assert isinstance(found, datetime)
    return found


async def is_credited(hall: Exams) -> bool:
    await asyncio.sleep(0.1)
    return await hall.count(PENDING) == 0 and bool(await hall.rows(CREDITS))


async def is_beating(hall: Exams) -> bool:
    return await hall.count(BEATS) == 1


async def died(hall: Exams, stack: Stack, arm: Arm = quick) -> tuple[datetime, list[int]]:
    """When nobody served any more, and who was at work; the first of those who sat has ended."""
    async with whole(at(hall, stack), arm=arm):
        if arm is quick:
            await until(partial(is_beating, hall), 5)
        done, *users = await sit(hall)
        await hall.do(done, SUBMIT, Submit(f"1-{done}-1", []))
        return await now(hall), users


async def test_what_a_killed_service_took_is_given_back_to_whoever_was_at_work(
    hall: Exams, stack: Stack
) -> None:
    died_at, users = await died(hall, stack)
    await asyncio.sleep(AWAY_S)
    async with whole(at(hall, stack), arm=quick) as url:
        back_at = await now(hall)
        await until(partial(is_credited, hall), 10)
        more = Save(f"1-{users[0]}-1", [written(2, "more")])
        saved = await hall.do(users[0], SAVE, more, at=url)
        await hall.begin(await hall.admit(1, first=500))

    found = await hall.rows(CREDITS)
    assert [user for user, *_ in found] == users
    for _, _, by, since, until_, reason in found:
        assert (by, reason) == (None, REASON)
        assert died_at - NEAR - NEAR <= since <= died_at
        assert died_at + timedelta(seconds=AWAY_S) <= until_ <= back_at + NEAR
    assert isinstance(saved, AttemptAccepted), saved
    window, begun_at = saved.attempt.window, saved.attempt.started_at
    assert window is not None
    assert begun_at is not None
    assert window.extra_time == found[0][4] - max(found[0][3], begun_at)
    assert window.ends_at == begun_at + timedelta(seconds=LIMIT_S) + window.extra_time


async def test_without_its_beat_time_closes_what_nobody_could_hand_in(
    hall: Exams, stack: Stack
) -> None:
    _, users = await died(hall, stack, mute)
    await asyncio.sleep(AWAY_S)
    async with whole(at(hall, stack), arm=mute):
        await until(partial(are_closed, hall), 10)

    assert await hall.rows(CREDITS) == []
    for _, started_at, closed_at in await hall.rows(CLOSED, users):
        assert closed_at == started_at + timedelta(seconds=LIMIT_S)


async def test_two_that_come_back_together_credit_once(hall: Exams, stack: Stack) -> None:
    _, users = await died(hall, stack)
    await asyncio.sleep(AWAY_S)
    async with AsyncExitStack() as open_:
        for _ in range(2):
            await open_.enter_async_context(whole(at(hall, stack), arm=quick))
        await until(partial(is_credited, hall), 10)
        await asyncio.sleep(2)

    assert [user for user, *_ in await hall.rows(CREDITS)] == users
    assert await hall.count("SELECT count(*) FROM outages") == 1


async def test_a_process_that_stood_still_is_an_outage_and_one_of_two_is_none(
    hall: Exams, stack: Stack
) -> None:
    async with AsyncExitStack() as open_:
        for _ in range(2):
            await open_.enter_async_context(whole(at(hall, stack), arm=quick))
        await until(partial(is_beating, hall), 5)
        users = await sit(hall, limit_s=60)
        one, other = [process.pid or 0 for process in active_children()]
        await stopped([one])
        assert await hall.count("SELECT count(*) FROM outages") == 0
        await stopped([one, other])
        await until(partial(is_credited, hall), 10)

    found = await hall.rows(CREDITS)
    assert [user for user, *_ in found] == users
    assert all(AWAY_S - 0.1 <= (row[4] - row[3]).total_seconds() <= AWAY_S + 2 for row in found)


async def stopped(processes: Sequence[int]) -> None:
    """For a while."""
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(AWAY_S)
    for pid in processes:
        os.kill(pid, signal.SIGCONT)


async def test_whoever_comes_before_the_duty_is_judged_as_if_they_had_come_after_it(
    hall: Exams, stack: Stack
) -> None:
    _, users = await died(hall, stack)
    await asyncio.sleep(AWAY_S)

    async with whole(at(hall, stack), API, quick) as url:
        await asyncio.sleep(LIMIT_S - AWAY_S)
        attempt = f"1-{users[0]}-1"
        saved = await hall.do(users[0], SAVE, Save(attempt, [written(2, "more")]), at=url)

    assert isinstance(saved, AttemptAccepted), saved
    assert [user for user, *_ in await hall.rows(CREDITS)] == users[:1]


async def test_a_command_amid_the_silence_says_that_there_was_none(
    hall: Exams, stack: Stack
) -> None:
    """Of a process that does not beat, such as one of the release before."""
    _, users = await died(hall, stack)
    await asyncio.sleep(3)
    await hall.do(users[0], SAVE, Save(f"1-{users[0]}-1", [written(2, "more")]))
    await asyncio.sleep(3)

    async with whole(at(hall, stack), API, quick):
        await asyncio.sleep(1)

    assert await hall.count("SELECT count(*) FROM outages") == 0


async def test_whoever_listens_is_told_of_a_credit_and_one_that_fails_spoils_no_other(
    hall: Exams, telling: Telling, ear: Ear
) -> None:
    broken, user, _ = await sit(hall, limit_s=600)
    await hall.own.execute(BREAK, broken)
    await hall.own.execute(AWAY_NOW)
    await ear.listen(f"attempt:{TENANT}:1-{user}-1")
    async with db.pool(hall.database, role=WORKER) as worker:
        crediting = Crediting(worker, telling)
        await crediting.once()
        assert await hall.count(PENDING) == 1
        for _ in range(MOST_TRIES):
            await crediting.once()

    assert await ear.next() == b'{"traceparent":null}'
    assert [one for one, *_ in await hall.rows(CREDITS)] == [user, user + 1]
    assert await hall.count(PENDING) == 0


async def are_closed(hall: Exams) -> bool:
    await asyncio.sleep(0.1)
    return {state for _, state in await hall.rows(STATES)} == {"GRADED"}
