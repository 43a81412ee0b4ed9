"""Whoever listens to a class stays in it, and whoever does no longer is gone: over real sockets.

Service and gateway go by a clock ten times as fast: its half minute of silence is three seconds.
"""

import time
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from gateway.classroom import attending
from services.live_class.room import ticker
from services.live_class.room.beats import SILENT_S
from services.storage.db import Pool
from tests import valkey
from tests.fakes.room import participant_id
from tests.fakes.tenant import LEARNER, OTHER, TEACHER
from tests.figures import Recorder
from tests.integration.classroom.client import Heard
from tests.integration.live_class import keeping
from tests.integration.live_class.hasty import HastyClock
from tests.integration.live_class.listening import ClassDoor, class_door

TIMES = 10.0
LONG_AGO = "UPDATE participants SET joined_at = joined_at - interval '1 h' WHERE tenant_id = $1"
"""By the database's clock, which nobody hastens, they would have come a moment ago."""
NUMBERS = count(1)


@pytest.fixture
async def door(
    live_class_url: str, pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ClassDoor]:
    monkeypatch.setattr(attending, "EVERY_S", attending.EVERY_S / TIMES)
    monkeypatch.setattr(ticker, "SWEEP_S", ticker.SWEEP_S / TIMES)
    tenant, clock = f"listening-{next(NUMBERS)}", HastyClock(TIMES)
    with valkey.server() as redis:
        async with (
            keeping.kept(live_class_url, redis.url, clock) as url,
            class_door(tmp_path, tenant, pool, url, redis.url, clock) as made,
        ):
            yield made


async def left(heard: Heard) -> list[str]:
    """Who is the next to be told as gone."""
    while True:
        event = await heard.until(__typename="PresenceChanged")
        if event["left"]:
            return list(event["left"])


async def came_long_ago(door: ClassDoor, pool: Pool) -> None:
    await door.meeting.becomes(lambda room: room.present == 3)
    await pool.execute(LONG_AGO, door.meeting.tenant)


async def test_who_listens_stays_and_who_does_no_longer_is_gone(
    door: ClassDoor, pool: Pool, figure: Recorder
) -> None:
    own, others = (participant_id(door.meeting.id, one) for one in (LEARNER, OTHER))
    async with (
        door.client(TEACHER) as teacher,
        door.client(OTHER) as leaving,
        door.client(LEARNER) as staying,
    ):
        await door.meeting.joins(TEACHER, LEARNER, OTHER)
        told, *_ = [await door.listener(one) for one in (teacher, leaving, staying)]
        await came_long_ago(door, pool)
        began_s = time.monotonic()

        await leaving.cut()
        first = await left(told)
        gone_s = TIMES * (time.monotonic() - began_s)
        is_quiet = await told.nothing(2 * SILENT_S / TIMES)
        room, stayed_s = await door.meeting.room(), TIMES * (time.monotonic() - began_s)
        await staying.cut()
        last = await left(told)

    figure("classroom", lifetime_s=SILENT_S, gone_s=round(gone_s), stayed_s=round(stayed_s))
    assert (first, last) == ([others], [own])
    assert is_quiet
    assert room.present == 2
    assert stayed_s > 2 * SILENT_S
    assert gone_s >= SILENT_S - attending.EVERY_S * TIMES


async def test_it_would_not_be_so_without_beats(
    door: ClassDoor, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def be_silent(*given: object) -> None:
        pass

    monkeypatch.setattr(attending, "tell", be_silent)
    async with door.client(TEACHER) as teacher, door.client(LEARNER) as staying:
        await door.meeting.joins(TEACHER, LEARNER, OTHER)
        told, *_ = [await door.listener(one) for one in (teacher, staying)]
        await came_long_ago(door, pool)

        gone = await left(told)

    assert participant_id(door.meeting.id, LEARNER) in gone
