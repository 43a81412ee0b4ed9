"""Relays and projectors die at any moment, and nothing is lost or counted twice."""

import asyncio

import pytest

from services.events.bell import Bell
from services.events.relay import Relay
from services.events.role import Role
from services.storage.db import Pool
from tests.figures import Recorder
from tests.integration.events.careless_projectors import projector
from tests.integration.events.judge import FAULTLESS, judge
from tests.integration.events.killing import kill_again_and_again
from tests.integration.events.reading import all_of, at_work, drain
from tests.integration.events.serving import serving
from tests.integration.events.tally import TABLES, misordered, tallied, twice
from tests.integration.events.writers import SOURCE, write_until
from tests.stack import Stack

KILLS = 20


@pytest.fixture
async def environ(events_url: str, stack: Stack) -> dict[str, str]:
    return {"DATABASE_URL": events_url, "REDIS_URL": stack.redis, "SOURCE_URL": "", "PORT": "0"}


@pytest.fixture
async def projection(other: Pool) -> Pool:
    await other.execute(TABLES)
    return other


@pytest.fixture
async def rebuilt(third: Pool) -> Pool:
    await third.execute(TABLES)
    return third


async def test_a_relay_that_is_killed_loses_and_doubles_nothing(
    pool: Pool, bell: Bell, environ: dict[str, str], figure: Recorder
) -> None:
    async def sent() -> int:
        return int(await pool.fetchval("SELECT sum(position) FROM relay_positions"))

    enough = asyncio.Event()
    async with asyncio.TaskGroup() as work:
        writing = work.create_task(write_until(pool, enough, seed=3))
        await kill_again_and_again(Role.RELAY, environ, sent, KILLS)
        enough.set()
    await drain(pool, Relay(pool, bell, SOURCE))

    verdict = judge(await all_of(pool), writing.result())
    figure("D11", kills=KILLS, events=writing.result().total(), lost=verdict.lost)
    assert verdict == FAULTLESS


async def test_a_projector_that_is_killed_applies_each_event_once(
    pool: Pool,
    bell: Bell,
    projection: Pool,
    rebuilt: Pool,
    other_url: str,
    environ: dict[str, str],
) -> None:
    async def applied() -> int:
        return int(await projection.fetchval("SELECT coalesce(sum(events), 0) FROM tally"))

    enough = asyncio.Event()
    async with serving(pool) as feed_url, at_work(Relay(pool, bell, SOURCE).duties()):
        environ |= {"DATABASE_URL": other_url, "SOURCE_URL": feed_url}
        async with asyncio.TaskGroup() as work:
            writing = work.create_task(write_until(pool, enough, seed=4))
            await kill_again_and_again(Role.PROJECTOR, environ, applied, KILLS)
            enough.set()
    await drain(pool, Relay(pool, bell, SOURCE))
    await projector(pool, projection, bell).catch_up()
    await projector(pool, rebuilt, bell).catch_up()

    written = writing.result()
    missing = written.total() - await applied()
    doubled = await twice(projection)
    assert (missing, doubled, await misordered(projection)) == (0, 0, 0)
    assert await tallied(projection) == await tallied(rebuilt) == dict(written)
