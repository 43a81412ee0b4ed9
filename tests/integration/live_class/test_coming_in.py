"""Ten thousand come in at once: it costs each a handful of statements, and nobody waits."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from asyncpg.connection import LoggedQuery

from services.commands.refusal import BUSY
from services.contracts import classroom_api as api
from services.contracts.classroom import ClassDeed, JoinTicket
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from services.live_class.rights import WORKER
from services.live_class.room.beats import Beats
from services.live_class.service import Addresses, service
from services.storage import db
from services.storage.db import Connection, Pool
from tests.integration.live_class.conftest import NOBODY
from tests.integration.live_class.lecture import CLASS, LONG_AGO, TEACHER, WAITS_S, Lecture
from tests.integration.monolith.serving import serving
from tests.stack import Stack

CROWD = 200
MOST_ROUND_TRIPS = 6
PATIENTLY = "SET LOCAL idle_in_transaction_session_timeout = 0"
HOLD = "SELECT FROM rooms WHERE tenant_id = $1 AND live_class = $2 FOR UPDATE"


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[LoggedQuery]:
    """What every connection that is made from now on is asked."""
    made: list[LoggedQuery] = []
    speak = db._speak_json

    async def init(connection: Connection) -> None:
        await speak(connection)
        connection.add_query_logger(made.append)

    monkeypatch.setattr(db, "_speak_json", init)
    return made


@pytest.fixture
async def watched(
    noted: list[LoggedQuery], live_class_url: str, stack: Stack
) -> AsyncIterator[str]:
    """Where a service of its own answers, which does nothing but that."""
    at = Addresses(live_class_url, stack.redis, NOBODY)
    async with service(at, SystemClock()) as made, serving(made.app) as url:
        yield url


async def test_to_come_in_costs_a_handful_of_round_trips(
    lecture: Lecture, watched: str, noted: list[LoggedQuery]
) -> None:
    await lecture.joins(TEACHER, url=watched)
    await lecture.joins(10, url=watched)
    noted.clear()

    ticket = await lecture.joins(11, url=watched)

    assert isinstance(ticket, JoinTicket)
    asked = [one.query for one in noted]
    assert 4 <= len(asked) <= MOST_ROUND_TRIPS, asked


async def test_so_does_a_hand(lecture: Lecture, watched: str, noted: list[LoggedQuery]) -> None:
    await lecture.joins(10, url=watched)
    noted.clear()

    await lecture.does(10, ClassDeed.RAISE_HAND, url=watched)

    asked = [one.query for one in noted]
    assert 4 <= len(asked) <= MOST_ROUND_TRIPS, asked


async def test_what_is_new_is_read_at_once(
    lecture: Lecture, watched: str, noted: list[LoggedQuery]
) -> None:
    """Whoever follows a class asks whenever something is told of it."""
    await lecture.joins(10, url=watched)
    await lecture.tick()
    noted.clear()

    await lecture.news(None, user=10, url=watched)

    assert len(noted) == len(["begin", "read", "commit"]), [one.query for one in noted]


async def test_so_is_who_is_there(
    lecture: Lecture, live_class_url: str, noted: list[LoggedQuery]
) -> None:
    async with db.pool(live_class_url, role=WORKER) as worker:
        own = replace(lecture, worker=worker)
        await own.joins(10)
        await own.tick()
        await own.joins(11)
        await own.execute(LONG_AGO)
        noted.clear()
        await own.ticker.tick((own.tenant, CLASS))

    steps = ["begin", "take", "who came and went", "hands", "write", "commit"]
    assert len(noted) == len(steps), [one.query for one in noted]
    assert await lecture.told() == (2, 0)


async def test_two_hundred_come_in_while_somebody_holds_the_room(lecture: Lecture) -> None:
    lecture.learners = CROWD
    await lecture.scheduled_more()
    await lecture.joins(TEACHER)

    async with db.transaction(lecture.pool) as holding:
        await holding.execute(PATIENTLY)
        await holding.execute(HOLD, lecture.tenant, CLASS)
        await lecture.all_join()
        await asyncio.gather(*[lecture.does(user, ClassDeed.RAISE_HAND) for user in lecture.users])
        await lecture.ticker.tick((lecture.tenant, CLASS))
        assert (await lecture.told()) == (0, 0)
    await lecture.tick()

    room = await lecture.room()
    assert room is not None
    assert room.present == CROWD + 1
    assert await lecture.told() == (CROWD + 1, 100)
    in_order = await lecture.column(
        "SELECT user_id FROM hands WHERE tenant_id = $1 AND live_class = $2"
        " ORDER BY raised_at, user_id LIMIT 100"
    )
    assert [hand.name for hand in room.hands] == [f"Person {user}" for user in in_order]


async def test_whoever_needs_the_room_would_have_waited(lecture: Lecture) -> None:
    await lecture.joins(TEACHER)

    async with db.transaction(lecture.pool) as holding:
        await holding.execute(PATIENTLY)
        await holding.execute(HOLD, lecture.tenant, CLASS)
        start = api.Act(CLASS, ClassDeed.START)
        refused = await lecture.ask_once(TEACHER, api.ACT, start, "start")

    assert refused == BUSY


async def test_the_first_two_hundred_open_it_once(lecture: Lecture) -> None:
    lecture.learners = CROWD
    await lecture.scheduled_more()

    await lecture.all_join()
    await lecture.tick()

    assert await lecture.told() == (CROWD, 0)
    opened = (
        "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND stream = 'room/' || $1 || '/' || $2"
    )
    assert await lecture.value(opened) == 1


async def test_with_redis_away_one_comes_in_all_the_same(
    live_class_url: str, worker: Pool, lecture: Lecture, transport: HttpTransport
) -> None:
    at = Addresses(live_class_url, "redis://127.0.0.1:9", NOBODY)
    async with service(at, SystemClock()) as made, serving(made.app) as url:
        began_s = time.monotonic()
        tickets = [await lecture.joins(user, url=url) for user in (10, 11, 12)]
        took_s = time.monotonic() - began_s
    without = Beats("redis://127.0.0.1:9", SystemClock())
    lecture.beats = without
    await lecture.tick()
    await without.close()

    assert all(isinstance(one, JoinTicket) for one in tickets)
    assert took_s < WAITS_S
    assert await lecture.told() == (3, 0)
