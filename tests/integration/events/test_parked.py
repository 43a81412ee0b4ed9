"""An event that cannot be applied waits, and with it its stream; the others flow."""

import asyncio
from collections.abc import Sequence

import pytest

from services.contracts.events import Event, LessonsCompleted
from services.events.bell import Bell
from services.events.feed_client import FeedClient
from services.events.projector import Projector, project
from services.events.relay import Relay
from services.events.retrying import retry, waiting
from services.storage import db
from services.storage.db import Connection, Pool
from tests.integration.events.careless_projectors import projector
from tests.integration.events.reading import drain
from tests.integration.events.serving import serving
from tests.integration.events.tally import TABLES, Tally, tallied
from tests.integration.events.writers import SOURCE, STREAMS, append_some

STREAM, OTHER = STREAMS[0], STREAMS[1]
UNKNOWN = {"type": "LessonsForgotten", "course": 7, "user": 0}
PARKED = "SELECT version, why IS NOT NULL AS tried FROM parked ORDER BY version"


class Choosy(Tally):
    """Fails for one lesson, in one of the ways a projection may."""

    def __init__(self, lesson: int, error: Exception | None = None) -> None:
        super().__init__()
        self.lesson = lesson
        self._error = error
        self.calls = 0

    async def apply(self, connection: Connection, events: Sequence[Event]) -> None:
        self.calls += 1
        await super().apply(connection, events)
        if any(self.lesson in _lessons(event) for event in events):
            await self._fail(connection)

    async def _fail(self, connection: Connection) -> None:
        if self._error is not None:
            raise self._error
        await connection.execute("SELECT 1 / 0")


def _lessons(event: Event) -> list[int]:
    return event.data.lessons if isinstance(event.data, LessonsCompleted) else []


@pytest.fixture
async def projection(other: Pool) -> Pool:
    await other.execute(TABLES)
    return other


@pytest.fixture
async def source(pool: Pool, bell: Bell) -> Pool:
    """Six events of one stream, of which the third says what we do not know; four of another."""
    await append_some(pool, STREAM, count=6)
    await append_some(pool, OTHER, count=4)
    await pool.execute("UPDATE outbox SET data = $1 WHERE stream = $2 AND version = 3", *SPOILT)
    await drain(pool, Relay(pool, bell, SOURCE))
    return pool


SPOILT = UNKNOWN, STREAM


async def parked(projection: Pool) -> list[tuple[int, bool]]:
    return [tuple(row) for row in await projection.fetch(PARKED)]


async def repair(projection: Pool) -> None:
    said = '{"type": "LessonsCompleted", "course": 7, "user": 0, "lessons": [2]}'
    await projection.execute("UPDATE parked SET data = $1 WHERE version = 3", said)


async def test_what_cannot_be_read_is_parked_and_what_follows_it_waits_behind_it(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    await projector(source, projection, bell).catch_up()

    assert await tallied(projection) == {STREAM: 2, OTHER: 4}
    assert await parked(projection) == [(3, True), (4, False), (5, False), (6, False)]


async def test_over_http_one_event_does_not_spoil_its_batch(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    async with serving(source) as url, FeedClient(url, "tally") as feed:
        await Projector(projection, feed, SOURCE, Tally(), bell).catch_up()

    assert await tallied(projection) == {STREAM: 2, OTHER: 4}


async def test_what_comes_later_waits_too(source: Pool, projection: Pool, bell: Bell) -> None:
    taking = projector(source, projection, bell)
    await taking.catch_up()
    await append_some(source, STREAM, count=1)
    await drain(source, Relay(source, bell, SOURCE))

    await taking.catch_up()

    assert (7, False) in await parked(projection)
    assert taking.gaps == 0


@pytest.mark.parametrize("error", [None, KeyError("x"), TypeError("x"), ValueError("x")])
async def test_what_cannot_be_applied_is_found_in_its_batch(
    source: Pool, projection: Pool, bell: Bell, error: Exception | None
) -> None:
    await projector(source, projection, bell, Choosy(1, error)).catch_up()

    assert await tallied(projection) == {STREAM: 1, OTHER: 1}
    assert [version for version, tried in await parked(projection) if tried] == [2, 2, 3]


async def test_a_good_batch_is_applied_at_once(pool: Pool, projection: Pool, bell: Bell) -> None:
    await append_some(pool, STREAM, count=50)
    await drain(pool, Relay(pool, bell, SOURCE))
    choosy = Choosy(lesson=-1)

    await projector(pool, projection, bell, choosy).catch_up()

    assert choosy.calls == 1


async def test_an_absence_parks_nothing(source: Pool, projection: Pool, bell: Bell) -> None:
    away = Choosy(1, ConnectionError("away"))

    with pytest.raises(ConnectionError):
        await projector(source, projection, bell, away).catch_up()

    assert await parked(projection) == []


async def test_after_the_repair_the_stream_goes_on_in_order(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    await projector(source, projection, bell).catch_up()
    await repair(projection)

    found = await retry(projection, Tally(), (SOURCE, STREAM))

    assert [event.version for event in found.fresh] == [3, 4, 5, 6]
    assert await parked(projection) == []
    assert await tallied(projection) == {STREAM: 6, OTHER: 4}


async def test_another_release_tries_again_when_it_begins(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    await projector(source, projection, bell, Choosy(1)).catch_up()
    await repair(projection)
    tally = Tally()

    taking = projector(source, projection, bell, tally)
    for partition in range(4):
        await taking.retry(partition)

    assert await waiting(projection) == []
    assert await tallied(projection) == {STREAM: 6, OTHER: 4}
    assert len(tally.announced) == 8


async def test_a_retry_stops_at_the_first_that_fails_still(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    await projector(source, projection, bell).catch_up()
    await repair(projection)

    found = await retry(projection, Choosy(4), (SOURCE, STREAM))

    assert [event.version for event in found.fresh] == [3, 4]
    assert await parked(projection) == [(5, True), (6, False)]


async def test_what_a_snapshot_brought_meanwhile_waits_no_more(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    taking = projector(source, projection, bell)
    await taking.catch_up()
    [newest] = await source.fetch(
        "SELECT at, data FROM outbox WHERE stream = $1 AND version = 5", STREAM
    )
    said = LessonsCompleted(7, 0, [1, 2, 3])
    async with db.transaction(projection) as connection:
        event = Event(SOURCE, STREAM, 6, "demo", newest["at"], said)  # type: ignore[arg-type]
        await project(connection, Tally(), [event])

    assert await tallied(projection) == {STREAM: 2, OTHER: 4}


async def test_a_retry_beside_a_projector_counts_once(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    taking = projector(source, projection, bell)
    await taking.catch_up()
    await repair(projection)
    await append_some(source, STREAM, count=20)
    await drain(source, Relay(source, bell, SOURCE))

    retries = [retry(projection, Tally(), (SOURCE, STREAM)) for _ in range(5)]
    await asyncio.gather(taking.catch_up(), *retries)
    await retry(projection, Tally(), (SOURCE, STREAM))

    assert await tallied(projection) == {STREAM: 26, OTHER: 4}
