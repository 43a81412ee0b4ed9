"""Writers that contend for streams, change their minds, and take their time."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asyncpg.transaction import Transaction

from services.contracts.events import LessonsCompleted
from services.contracts.ids import TenantId
from services.events.outbox import Outbox
from services.storage import db
from services.storage.db import Connection, Pool

SOURCE = "tests"
TENANT = TenantId("demo")
OUTBOX = Outbox(SOURCE)
STREAMS = [f"completions/demo/7/{user}" for user in range(8)]


class ChangedMind(Exception):
    """The writer rolls back."""


async def append(connection: Connection, stream: str, lesson: int = 1) -> None:
    user = int(stream.rpartition("/")[2])
    await OUTBOX.append(connection, TENANT, stream, LessonsCompleted(7, user, [lesson]))


async def append_some(pool: Pool, stream: str, count: int = 1) -> None:
    async with db.transaction(pool) as connection:
        for lesson in range(count):
            await append(connection, stream, lesson)


async def write(pool: Pool, each: int, seed: int, writers: int = 16) -> Counter[str]:
    """`each` transactions of every writer; gives how many events each stream has of them."""
    committed: Counter[str] = Counter()
    async with asyncio.TaskGroup() as work:
        for nth in range(writers):
            work.create_task(_write(pool, each, random.Random(seed * 100 + nth), committed))
    return committed


async def write_until(pool: Pool, enough: asyncio.Event, seed: int) -> Counter[str]:
    """Writes on and on, a little at a time."""
    committed: Counter[str] = Counter()
    while not enough.is_set():
        seed += 1
        committed += await write(pool, each=1, seed=seed, writers=4)
        await asyncio.sleep(0.01)
    return committed


async def _write(pool: Pool, each: int, dice: random.Random, committed: Counter[str]) -> None:
    for _ in range(each):
        stream, count = dice.choice(STREAMS), dice.randint(1, 3)
        try:
            async with db.transaction(pool) as connection:
                for lesson in range(count):
                    await append(connection, stream, lesson)
                await asyncio.sleep(dice.random() * 0.004)
                if dice.random() < 0.25:
                    raise ChangedMind
        except ChangedMind:
            continue
        committed[stream] += count


@asynccontextmanager
async def left_open(url: str, stream: str) -> AsyncIterator[Transaction]:
    """A transaction that has appended an event and goes on; the test commits it."""
    connection = await db.connect(url)
    await connection.execute("SET idle_in_transaction_session_timeout = 0")
    open_one = connection.transaction()
    await open_one.start()
    await append(connection, stream)
    try:
        yield open_one
    finally:
        await connection.close()
