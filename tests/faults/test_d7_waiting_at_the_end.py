"""D7: the exam ends while its submits wait in queues; what came in time is taken as in time."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from msgspec.structs import replace

from services.assessment.handlers import reach
from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import SUBMIT, Outcome, Submit
from services.contracts.errors import Refused
from services.events.role import Role
from services.storage import db
from tests.faults.exams import FIRST_LEARNER, Exams, exams
from tests.faults.own_bus import OwnBus, own_bus
from tests.faults.quiz import QUIZ, answers
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.events.reading import at_work
from tests.stack import Stack

BEFORE_S, BEHIND_S = 0.5, 0.8
"""Submits come so long before the end, and wait until so long behind it."""
POOL = 5
TAKEN = """
SELECT (
    SELECT bool_or((data ->> 'late')::boolean) FROM attempt_events AS happened
    WHERE happened.user_id = attempts.user_id AND data ->> 'type' = 'AttemptSubmitted'
), (data -> 'score' ->> 'raw')::float8 FROM attempts
"""

Sitting = list[tuple[int, Submit]]
Held = Callable[[Exams, OwnBus], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Submits that came in time: told no; and written down as late, or without their answers."""

    refused: int = 0
    not_in_time: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """What is held until the end has passed; or the gateway itself passes on what it `keeps`."""

    held: Held
    keeps_s: float = 0.0
    holds: int = 16


@asynccontextmanager
async def nothing(hall: Exams, bus: OwnBus) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def connections(hall: Exams, bus: OwnBus) -> AsyncIterator[None]:
    async with AsyncExitStack() as open_:
        for _ in range(POOL):
            await open_.enter_async_context(bus.pool.acquire())
        yield


@asynccontextmanager
async def attempts(hall: Exams, bus: OwnBus) -> AsyncIterator[None]:
    async with db.transaction(hall.own) as connection:
        await connection.execute("SELECT FROM attempts FOR UPDATE")
        yield


QUEUES = {
    "in the gateway": Queue(nothing, keeps_s=BEFORE_S + BEHIND_S),
    "for a connection": Queue(connections),
    "for the attempt": Queue(attempts, holds=POOL),
}


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d7") as made:
        await made.moves_time()
        yield made


@pytest.fixture
async def bus(hall: Exams, stack: Stack) -> AsyncIterator[OwnBus]:
    async with own_bus(hall.database, stack.redis, size=POOL) as made:
        yield made


@pytest.mark.parametrize("queue", QUEUES.values(), ids=QUEUES)
async def test_d7_what_came_in_time_is_in_time_however_long_it_waits(
    hall: Exams, bus: OwnBus, queue: Queue, figure: Recorder
) -> None:
    """Time has handed the attempts in by then: what was under way is taken all the same."""
    rounds = max(1, n("D7") // len(QUEUES) // queue.holds)
    async with at_work(hall.service.duties[Role.TIME]):
        verdicts = [await wait_past_the_end(hall, bus, queue, one) for one in range(rounds)]

    refused = sum(verdict.refused for verdict in verdicts)
    figure("D7", submits=rounds * queue.holds, refused_in_time=refused)
    figure("D7", not_in_time=verdicts[-1].not_in_time)
    assert set(verdicts) == {Verdict()}


async def test_d7_fails_without_the_time_waited(
    hall: Exams, bus: OwnBus, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    monkeypatch.setattr(reach, "waited", lambda work: timedelta(0))

    queue = QUEUES["for a connection"]
    verdict = await wait_past_the_end(hall, bus, queue, 0)

    figure("D7", refused_without_the_time_waited=verdict.refused)
    assert verdict == Verdict(refused=queue.holds, not_in_time=queue.holds)


async def wait_past_the_end(hall: Exams, bus: OwnBus, queue: Queue, nth: int) -> Verdict:
    """Each time with an exam and learners of its own."""
    ends_at = await hall.now() + timedelta(hours=1)
    await hall.define(replace(QUIZ, assessment=nth + 1, closes_at=ends_at))
    users = await hall.admit(queue.holds, FIRST_LEARNER + nth * queue.holds)
    sitting = zip(users, await hall.begin(users, nth + 1), strict=True)
    work = [partial(submit, hall, bus, queue, user, Submit(at, answers())) for user, at in sitting]

    async with asyncio.TaskGroup() as under_way:
        async with queue.held(hall, bus):
            await hall.passes((ends_at - await hall.now()).total_seconds() - BEFORE_S)
            waiting = [under_way.create_task(does()) for does in work]
            await asyncio.sleep(BEFORE_S + BEHIND_S)
        assert await hall.now() > ends_at

    return await judge(hall, [task.result() for task in waiting])


async def submit(
    hall: Exams, bus: OwnBus, queue: Queue, user: int, said: Submit
) -> Outcome | Refused:
    """It comes before the end."""
    began_s = time.monotonic()
    await asyncio.sleep(queue.keeps_s)
    waited_ms = round((time.monotonic() - began_s) * 1000)
    return await hall.do(user, SUBMIT, said, waited_ms=waited_ms, at=bus.serves)


async def judge(hall: Exams, replies: Sequence[Outcome | Refused]) -> Verdict:
    """By what was told, and by what the service has written down."""
    right = len(answers())
    return Verdict(
        refused=sum(not isinstance(one, AttemptAccepted) for one in replies),
        not_in_time=sum((late, raw) != (False, right) for late, raw in await hall.rows(TAKEN)),
    )
