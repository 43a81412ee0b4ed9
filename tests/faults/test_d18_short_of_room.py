"""D18: full disk, waiting locks, crossing commands, empty pool: soon told to come again."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

import msgspec
import pytest

from services.assessment.model.place import Place
from services.assessment.store import held
from services.commands import bus as commands
from services.commands.bus import Handler, Order
from services.commands.uow import UnitOfWork
from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import SUBMIT, Outcome, Submit
from services.contracts.errors import Refused
from services.kit import answering
from services.storage import db
from tests.faults import effects
from tests.faults.exams import FIRST_LEARNER, TENANT, Exams, exams, viewer
from tests.faults.own_bus import OwnBus, own_bus
from tests.faults.quiz import answers
from tests.faults.registry import n
from tests.faults.small_disk import Disk, small_disk
from tests.figures import Recorder
from tests.stack import Stack

T = TypeVar("T")
MOST_S = 5.0
AT_ONCE = 25
"""More than there are connections."""
PAIRS = 5

Send = Callable[[], Coroutine[None, None, "Told[Outcome]"]]
Short = Callable[[Exams, OwnBus, Disk], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Told(Generic[T]):
    reply: T | Refused
    after_s: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Answers that came too late, or were no success and not to come again; of all in the end."""

    hung: int = 0
    not_retriable: int = 0
    lost: int = 0
    doubled: int = 0


@asynccontextmanager
async def locks_wait(hall: Exams, bus: OwnBus, disk: Disk) -> AsyncIterator[None]:
    async with db.transaction(hall.own) as connection:
        await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        await connection.execute("SELECT FROM attempts FOR UPDATE")
        yield


@asynccontextmanager
async def pool_is_empty(hall: Exams, bus: OwnBus, disk: Disk) -> AsyncIterator[None]:
    async with AsyncExitStack() as open_:
        for _ in range(bus.pool.get_max_size()):
            await open_.enter_async_context(bus.pool.acquire())
        yield


def disk_is_full(hall: Exams, bus: OwnBus, disk: Disk) -> AbstractAsyncContextManager[None]:
    return disk.filled(hall)


@pytest.fixture
async def disk(stack: Stack) -> AsyncIterator[Disk]:
    async with small_disk(stack.database) as made:
        yield made


@pytest.fixture
async def hall(stack: Stack, disk: Disk) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d18") as made:
        await disk.holds(made)
        await made.define()
        yield made


@pytest.fixture
async def bus(hall: Exams, stack: Stack) -> AsyncIterator[OwnBus]:
    async with own_bus(hall.database, stack.redis) as made:
        yield made


@pytest.mark.parametrize("short", [locks_wait, pool_is_empty, disk_is_full])
async def test_d18_whoever_must_wait_is_told_soon_to_come_again(
    hall: Exams, bus: OwnBus, disk: Disk, short: Short, figure: Recorder
) -> None:
    told = list[Told[Outcome]]()
    for nth in range(max(1, n("D18") // AT_ONCE // 4)):
        work = await sitting(hall, bus, nth)
        async with short(hall, bus, disk):
            told += await asyncio.gather(*[does() for does in work])
        await asyncio.gather(*[does() for does in work])

    verdict = await judge(hall, told)
    slowest_s = max(one.after_s for one in told)
    turned_away = sum(isinstance(one.reply, Refused) for one in told)
    figure("D18", submits=len(told), turned_away=turned_away, slowest_s=slowest_s)
    figure("D18", waits_over_5_s=verdict.hung, lost=verdict.lost, doubled=verdict.doubled)
    assert verdict == Verdict()
    assert turned_away > 0


async def test_d18_commands_that_cross_are_done_when_one_of_them_begins_anew(
    hall: Exams, bus: OwnBus, figure: Recorder
) -> None:
    users = await hall.admit(2 * PAIRS)
    await hall.begin(users)
    crossings = [Crossing() for _ in range(PAIRS)]

    told = await asyncio.gather(
        *[
            timed(crossing.execute(bus, *order))
            for crossing, one, other in zip(crossings, users[::2], users[1::2], strict=True)
            for order in ((one, other), (other, one))
        ]
    )

    slowest_s = max(one.after_s for one in told)
    figure("D18", crossing_pairs=PAIRS, begun_anew=sum(one.tries - 2 for one in crossings))
    figure("D18", slowest_of_crossing_s=slowest_s)
    assert [one.reply for one in told] == [True] * 2 * PAIRS
    assert [one.tries for one in crossings] == [3] * PAIRS
    assert slowest_s <= MOST_S


async def test_d18_fails_without_an_end_to_every_wait(
    hall: Exams, stack: Stack, disk: Disk, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    monkeypatch.setattr(commands, "PATIENCE_S", 3_600.0)
    monkeypatch.setattr(answering, "LONGEST_S", 3_600.0)
    monkeypatch.setitem(db.LIMITS, "lock_timeout", "0")
    async with own_bus(hall.database, stack.redis) as patient:
        work = await sitting(hall, patient, 0)
        async with asyncio.TaskGroup() as waiting, locks_wait(hall, patient, disk):
            tasks = [waiting.create_task(does()) for does in work]
            await asyncio.sleep(MOST_S + 0.5)

    verdict = await judge(hall, [task.result() for task in tasks])
    figure("D18", waits_over_5_s_without_an_end=verdict.hung)
    assert verdict.hung > 0


class Both(msgspec.Struct, frozen=True):
    """Attempts of two learners, in the order in which they are locked."""

    first: int
    second: int


@dataclass
class Crossing:
    """Two commands: each has one attempt when it asks for the other's, the first time."""

    met: asyncio.Barrier = field(default_factory=lambda: asyncio.Barrier(2))
    tries: int = 0

    async def execute(self, bus: OwnBus, first: int, second: int) -> bool | Refused:
        handler = Handler("cross", self._handle, bool)
        return await bus.bus.execute(handler, Order(viewer(first), "key", Both(first, second)))

    async def _handle(self, work: UnitOfWork, command: Both) -> bool:
        self.tries += 1
        is_first_try = self.tries <= 2
        await held.lock(work.db, Place(TENANT, 1, command.first, 1))
        if is_first_try:
            await self.met.wait()
        await held.lock(work.db, Place(TENANT, 1, command.second, 1))
        return True


async def sitting(hall: Exams, bus: OwnBus, nth: int) -> list[Send]:
    """A submit of each of some learners, which may be sent again."""
    users = await hall.admit(AT_ONCE, FIRST_LEARNER + nth * AT_ONCE)
    both = zip(users, await hall.begin(users), strict=True)
    return [partial(submit, hall, bus, user, Submit(one, answers())) for user, one in both]


async def submit(hall: Exams, bus: OwnBus, user: int, said: Submit) -> Told[Outcome]:
    does = hall.do(user, SUBMIT, said, "the one", at=bus.serves)
    return await timed(does)


async def timed(does: Awaitable[T | Refused]) -> Told[T]:
    began_s = time.monotonic()
    reply = await does
    return Told(reply, time.monotonic() - began_s)


async def judge(hall: Exams, told: Sequence[Told[Outcome]]) -> Verdict:
    """By the clock of whoever waits; in the end by what the service has written down."""
    done = await effects.judge(hall)
    return Verdict(
        hung=sum(one.after_s > MOST_S for one in told),
        not_retriable=sum(is_final(one.reply) for one in told),
        lost=done.lost,
        doubled=done.doubled,
    )


def is_final(reply: Outcome | Refused) -> bool:
    return not isinstance(reply, AttemptAccepted) and not reply.retryable
