"""A process says that it serves only while it does what learners ask of it."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest
from asyncpg import Record

from services.assessment.duties.beating import BEAT_S, beating
from services.assessment.service import SOURCE
from services.assessment.serving import SICK_AFTER, Serving
from services.storage import db
from services.storage.db import Pool
from tests.integration.events.reading import at_work
from tests.integration.monolith.waiting import until
from tests.integration.own_database import own_database

BEATEN = "SELECT at FROM beat"


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """Of a database in which nobody else beats."""
    async with (
        own_database(database_url, "banyan_test_beating", SOURCE) as url,
        db.pool(url) as made,
    ):
        yield made


async def test_whoever_fails_every_command_does_not_serve(pool: Pool) -> None:
    serving = Serving()
    async with at_work([beating(pool, serving)]):
        await until(partial(has_beaten, pool, []), 5)
        for _ in range(SICK_AFTER):
            serving._note(failed=True)
        await asyncio.sleep(BEAT_S)
        before = await pool.fetch(BEATEN)
        await asyncio.sleep(2 * BEAT_S)
        assert await pool.fetch(BEATEN) == before

        serving._note(failed=False)
        await until(partial(has_beaten, pool, before), 5)


async def has_beaten(pool: Pool, before: list[Record]) -> bool:
    return await pool.fetch(BEATEN) != before
