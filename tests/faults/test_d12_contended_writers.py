"""D12: writers contend and roll back, one transaction stays open; no event is skipped."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from random import Random

import pytest

from services.assessment.handlers import learning
from services.assessment.service import SOURCE
from services.commands.bus import Handler, Order
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import Outcome, Save
from services.contracts.errors import ErrorCode, Refused
from services.events.outbox import Outbox
from services.events.relay import Relay
from services.storage import db
from tests.faults.exams import Exams, exams, viewer
from tests.faults.own_bus import OwnBus, own_bus
from tests.faults.quiz import written
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.events.careless_relays import Cursor
from tests.integration.events.judge import FAULTLESS, judge
from tests.integration.events.reading import all_of, at_work, until_sent
from tests.stack import Stack

WRITERS, CONTENDED = 16, 8
SEED, CHANGES_MIND = 12, 0.25
LOOKS_EVERY_S, ALLOWED_S = 0.02, 1.0
LAG = """
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::float8
FROM outbox WHERE position IS NULL
"""
VERSIONS = """
SELECT 'attempt/' || tenant_id || '/' || assessment_id || '-' || user_id || '-' || number, version
FROM attempts
"""
CHANGED_MIND = Refusal(Refused(ErrorCode.INVALID, "No, not that."))

Sitting = list[tuple[int, str]]


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d12") as made:
        await made.define()
        yield made


@pytest.fixture
async def bus(hall: Exams, stack: Stack) -> AsyncIterator[OwnBus]:
    async with own_bus(hall.database, stack.redis) as made:
        yield made


async def test_d12_the_feed_has_every_event_once_in_order_without_delay(
    hall: Exams, bus: OwnBus, figure: Recorder
) -> None:
    *contended, beside = await sit(hall)
    lags: list[float] = []
    async with at_work(Relay(hall.own, bus.bell, SOURCE).duties()):
        async with left_open(hall, beside) as commit, looking(hall, lags):
            await write(bus, contended, n("D12"))
            await until_sent(hall.own)
            await commit()
        await until_sent(hall.own)

    verdict = judge(await all_of(hall.own), await committed(hall))
    figure("D12", events=sum((await committed(hall)).values()), lost=verdict.lost)
    figure("D12", out_of_order=verdict.misordered, lag_s=max(lags))
    assert verdict == FAULTLESS
    assert max(lags) <= ALLOWED_S


async def test_d12_fails_without_a_position_given_after_the_commit(
    hall: Exams, bus: OwnBus, figure: Recorder
) -> None:
    """A reader that goes on behind the greatest id it has seen."""
    *contended, beside = await sit(hall)
    cursor = Cursor(hall.own)
    async with left_open(hall, beside) as commit:
        async with asyncio.TaskGroup() as work:
            writing = work.create_task(write(bus, contended, 200))
            while not writing.done():
                await cursor.step()
                await asyncio.sleep(LOOKS_EVERY_S / 10)
        await cursor.step()
        await commit()
    await cursor.step()

    lost = judge(cursor.read, await committed(hall)).lost
    figure("D12", lost_by_a_cursor_over_ids=lost)
    assert lost > 0


async def sit(hall: Exams) -> Sitting:
    users = await hall.admit(CONTENDED + 1)
    return list(zip(users, await hall.begin(users), strict=True))


async def write(bus: OwnBus, contended: Sitting, saves: int) -> None:
    """So many saves, of which some come to nothing."""
    sequences, dice = count(1), Random(SEED)

    async def one_after_the_other() -> None:
        while (sequence := next(sequences)) <= saves:
            user, attempt = dice.choice(contended)
            handler = MIND_CHANGED if dice.random() < CHANGES_MIND else learning.SAVE
            said = Save(attempt, [written(sequence, f"saved {sequence}")])
            await bus.bus.execute(handler, Order(viewer(user), f"key {sequence}", said))

    await asyncio.gather(*[one_after_the_other() for _ in range(WRITERS)])


async def save_or_not(work: UnitOfWork, command: Save) -> Outcome:
    await learning.save(work, command)
    raise CHANGED_MIND


MIND_CHANGED = Handler("save", save_or_not, learning.SAVE.replies)


@asynccontextmanager
async def left_open(
    hall: Exams, beside: tuple[int, str]
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A save that is done and not committed, until the test says so."""
    user, attempt = beside
    connection = await db.connect(hall.database)
    await connection.execute("SET idle_in_transaction_session_timeout = 0")
    begun = connection.transaction()
    await begun.start()
    work = UnitOfWork(connection, viewer(user), Outbox(SOURCE))
    done = await learning.save(work, Save(attempt, [written(1, "slow")]))
    assert isinstance(done, AttemptAccepted)
    try:
        yield begun.commit
    finally:
        await connection.close()


@asynccontextmanager
async def looking(hall: Exams, lags: list[float]) -> AsyncIterator[None]:
    """How old the oldest event is that everybody could see, and that is in no feed yet."""

    async def look() -> None:
        while True:
            lags.append(await hall.own.fetchval(LAG))
            await asyncio.sleep(LOOKS_EVERY_S)

    async with asyncio.TaskGroup() as work:
        looks = work.create_task(look())
        yield
        looks.cancel()


async def committed(hall: Exams) -> dict[str, int]:
    """How many events each attempt has, by the attempt itself."""
    return dict(await hall.rows(VERSIONS))
