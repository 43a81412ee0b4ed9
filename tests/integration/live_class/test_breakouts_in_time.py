"""Breakouts close when their time is over: measured where it counts, at a learner's socket."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from services.kit.clock import SystemClock
from services.live_class.room import due
from services.storage.db import Pool
from tests import valkey
from tests.fakes.tenant import LEARNER, TEACHER
from tests.figures import Recorder
from tests.integration.classroom.client import Heard
from tests.integration.live_class import keeping
from tests.integration.live_class.listening import ClassDoor, class_door

TIMES, WITHIN_S = 5, 1.0
TENANTS = 300
"""So many others have had classes once; looking after them takes its time."""
MANY = """
INSERT INTO tenants SELECT 'idle-' || n FROM generate_series(1, $1) AS n ON CONFLICT DO NOTHING
"""
NONE = "DELETE FROM tenants WHERE tenant_id LIKE 'idle-%'"
SOON = """
UPDATE breakouts SET ends_at = clock_timestamp() + interval '1500 ms' WHERE tenant_id = $1
RETURNING ends_at
"""
NUMBERS = count(1)


@asynccontextmanager
async def opened(url: str, pool: Pool, home: Path) -> AsyncIterator[tuple[ClassDoor, Heard]]:
    """A class amid many tenants, and what a learner in it hears."""
    tenant, clock = f"in-time-{next(NUMBERS)}", SystemClock()
    await pool.execute(MANY, TENANTS)
    with valkey.server() as redis:
        async with (
            keeping.kept(url, redis.url, clock) as at,
            class_door(home, tenant, pool, at, redis.url, clock) as door,
            door.client(LEARNER) as learner,
        ):
            await door.meeting.joins(TEACHER, LEARNER)
            yield door, await door.listener(learner)
    await pool.execute(NONE)


async def ends(door: ClassDoor, pool: Pool, told: Heard) -> datetime:
    """When the breakouts will close that have been told of."""
    await door.meeting.opens(2)
    assert (await told.until(__typename="BreakoutsChanged"))["breakouts"]
    ends_at: datetime = await pool.fetchval(SOON, door.meeting.tenant)
    return ends_at


async def test_a_learner_is_told_within_a_second(
    live_class_url: str, pool: Pool, tmp_path: Path, figure: Recorder
) -> None:
    late_s = []
    async with opened(live_class_url, pool, tmp_path) as (door, told):
        for _ in range(TIMES):
            ends_at = await ends(door, pool, told)
            await told.until(__typename="BreakoutsChanged", breakouts=[])
            late_s.append(time.time() - ends_at.timestamp())

    figure("classroom", breakouts_closed=TIMES, tenants=TENANTS, latest_s=round(max(late_s), 2))
    assert min(late_s) >= 0
    assert max(late_s) <= WITHIN_S


async def test_it_would_be_later_if_it_was_looked_for_less_often(
    live_class_url: str, pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "PAUSE_S", 60.0)
    async with opened(live_class_url, pool, tmp_path) as (door, told):
        ends_at = await ends(door, pool, told)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(ends_at.timestamp() + WITHIN_S - time.time()):
                await told.until(__typename="BreakoutsChanged", breakouts=[])
