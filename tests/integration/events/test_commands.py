"""What somebody at a terminal learns of events and of those that wait, and what they can do."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from redis.asyncio import Redis

from legacy.monolith import database, seed
from services.contracts.changes import EVERYTHING, STREAM, tags_of
from services.storage import db
from services.storage.address import database_of
from services.storage.db import Pool
from services.storage.server import with_database
from tests.sides import banyan
from tests.stack import BANYAN, Stack
from tests.system import MONOLITH_DATABASE

TENANTS = count(1)
ENDS_WITHIN_S = 20.0
PARK = """
INSERT INTO parked (source, stream, version, position, tenant_id, at, data, why, tried)
VALUES ('legacy', $1, $2, $2, $3, $4, $5, $6, 1)
"""
FORGET = "DELETE FROM parked WHERE tenant_id = $1"
GOOD = {"type": "LessonsCompleted", "course": 1, "user": 7, "lessons": [3]}
BAD = {"type": "LessonsForgotten"}


@pytest.fixture
def tenant() -> str:
    return f"parked-{next(TENANTS)}"


@pytest.fixture
async def progress(stack: Stack, tenant: str) -> AsyncIterator[Pool]:
    async with db.pool(with_database(stack.database, database_of("progress")), 2) as pool:
        yield pool
        await pool.execute(FORGET, tenant)


async def test_what_waits_and_who_is_behind_is_said(stack: Stack) -> None:
    said = await banyan(stack, "events", "state")

    assert "oldest unsent" in said
    assert all(name in said for name in ("legacy", "assessment", "progress", "live_class"))


async def test_a_tail_says_what_happens_in_a_tenant_and_ends_by_ctrl_c(
    stack: Stack, tenant: str
) -> None:
    words = ("events", "tail", "--from-start", "--tenant", tenant, "--json")
    env = {**os.environ, "BANYAN_HOME": str(stack.home)}
    process = await asyncio.create_subprocess_exec(BANYAN, *words, env=env, stdout=subprocess.PIPE)
    assert process.stdout is not None
    monolith = await database.connect(with_database(stack.database, MONOLITH_DATABASE))
    async with monolith.transaction():
        await seed.tenant(monolith, tenant)
        await seed.person(monolith, tenant, 7)
    await monolith.close()

    async with asyncio.timeout(ENDS_WITHIN_S):
        event = json.loads(await process.stdout.readline())
        process.send_signal(signal.SIGINT)
        code = await process.wait()

    assert (event["source"], event["tenant"]) == ("legacy", tenant)
    assert (event["data"]["type"], event["data"]["user"]) == ("PersonChanged", 7)
    assert code == 0


async def test_a_parked_event_is_listed_and_applied_when_it_can_be(
    stack: Stack, progress: Pool, tenant: str
) -> None:
    stream = await park(progress, tenant, GOOD)

    listed = await banyan(stack, "projections", "parked", "--app", "progress")
    tried = await banyan(stack, "projections", "retry", stream, "--app", "progress")

    assert f"{stream} " in listed
    assert "LookupError: 3" in listed
    assert f"progress {stream}: 1 applied" in tried
    assert await progress.fetchval("SELECT count(*) FROM parked WHERE tenant_id = $1", tenant) == 0


async def test_a_parked_event_is_skipped_with_a_reason_and_what_is_behind_applied(
    stack: Stack, progress: Pool, tenant: str
) -> None:
    stream = await park(progress, tenant, BAD, GOOD)

    said = await banyan(stack, "projections", "skip", stream, "--reason", "nobody needs it")

    kept = await progress.fetchrow(
        "SELECT version, reason FROM skipped WHERE tenant_id = $1", tenant
    )
    assert f"progress {stream}: 1 applied" in said
    assert kept is not None
    assert tuple(kept) == (1, "nobody needs it")


async def test_a_projection_is_made_anew_while_it_serves(stack: Stack) -> None:
    async with Redis.from_url(stack.redis) as redis:
        before = await change_log(redis)
        assert "rows removed" in await banyan(stack, "projections", "rebuild", "live_class")

        assert [EVERYTHING] in (await change_log(redis))[len(before) :]


async def change_log(redis: Redis) -> list[list[str]]:
    """All that the change log has."""
    entries: Any = await redis.xrange(STREAM)
    return [tags_of(fields) for _, fields in entries]


async def park(progress: Pool, tenant: str, *said: object) -> str:
    stream = f"completions/{tenant}/1/7"
    for version, data in enumerate(said, start=1):
        why = "LookupError: 3" if version == 1 else None
        await progress.execute(
            PARK, stream, version, tenant, datetime.now(UTC), json.dumps(data), why
        )
    return f"legacy:{stream}"
