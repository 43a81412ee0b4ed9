"""What a projection misses of a stream is fetched from the feed before what follows it."""

import pytest

from services.contracts.assessment import AttemptState
from services.contracts.events import AttemptChanged, PastAttempt
from services.events.bell import Bell
from services.events.feed_client import FeedClient
from services.events.projector import Projector
from services.events.relay import Relay
from services.storage.db import Pool
from tests.integration.events.careless_projectors import projector
from tests.integration.events.reading import drain
from tests.integration.events.serving import serving
from tests.integration.events.tally import TABLES, Tally, misordered, tallied
from tests.integration.events.writers import OUTBOX, SOURCE, STREAMS, TENANT, append_some

STREAM = STREAMS[0]


@pytest.fixture
async def projection(other: Pool) -> Pool:
    await other.execute(TABLES)
    return other


@pytest.fixture
async def source(pool: Pool, bell: Bell) -> Pool:
    await append_some(pool, STREAM, count=8)
    await drain(pool, Relay(pool, bell, SOURCE))
    return pool


async def begin_at(projection: Pool, source: Pool, position: int) -> None:
    """As a snapshot may that has nothing to say of the stream."""
    await projection.execute(
        "INSERT INTO positions SELECT $1, partition, $2 FROM relay_positions", SOURCE, position
    )


async def test_the_versions_before_are_applied_first(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    await begin_at(projection, source, 5)
    async with serving(source) as url, FeedClient(url, "tally") as feed:
        taking = Projector(projection, feed, SOURCE, Tally(), bell)

        await taking.step(await partition_of(source))

    assert await tallied(projection) == {STREAM: 8}
    assert await misordered(projection) == 0
    assert taking.gaps == 0


async def test_what_is_pruned_is_told_as_a_gap(source: Pool, projection: Pool, bell: Bell) -> None:
    await source.execute("DELETE FROM outbox WHERE version < 4")
    await begin_at(projection, source, 5)
    taking = projector(source, projection, bell)

    await taking.step(await partition_of(source))

    assert taking.gaps == 1
    assert await tallied(projection) == {STREAM: 5}


async def test_a_gap_in_the_middle_of_a_batch_is_filled(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    taking = projector(source, projection, bell)
    partition = await partition_of(source)
    await projection.execute("INSERT INTO positions VALUES ($1, $2, 6)", SOURCE, partition)
    await projection.execute("INSERT INTO applied VALUES ($1, 3)", f"{SOURCE}:{STREAM}")

    await taking.step(partition)

    assert await tallied(projection) == {STREAM: 5}
    assert taking.gaps == 0


async def test_a_stream_that_begins_later_has_no_gap(
    pool: Pool, projection: Pool, bell: Bell
) -> None:
    past = PastAttempt(1, AttemptState.IN_PROGRESS, None, None, None, None, 1.0, late=False)
    said = [AttemptChanged(1, 2, 3, past, begins=True), AttemptChanged(1, 2, 3, past)]
    async with pool.acquire() as connection:
        await OUTBOX.append_versions(connection, TENANT, "attempt/demo/1-3-1", 2, said)
    await drain(pool, Relay(pool, bell, SOURCE))
    taking = projector(pool, projection, bell)

    await taking.catch_up()

    assert taking.gaps == 0
    assert await tallied(projection) == {"attempt/demo/1-3-1": 2}


async def partition_of(source: Pool) -> int:
    partition: int = await source.fetchval("SELECT partition FROM outbox LIMIT 1")
    return partition
