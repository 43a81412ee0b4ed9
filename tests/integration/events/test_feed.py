"""The feed over HTTP: what it gives, what it refuses, and what it remembers."""

from collections.abc import AsyncIterator

import pytest

from services.contracts.events import PARTITIONS
from services.events.bell import Bell
from services.events.errors import Discontinued, FeedMisbehaved, FeedUnreachable
from services.events.feed_client import FeedClient
from services.events.relay import Relay
from services.storage.db import Pool
from tests.integration.events.careless_projectors import of
from tests.integration.events.reading import all_of, drain
from tests.integration.events.serving import serving
from tests.integration.events.writers import SOURCE, STREAMS, append_some
from tests.pair import free_port

CONSUMERS = "SELECT position FROM consumers WHERE name = $1 AND partition = $2"


@pytest.fixture
async def source(pool: Pool, bell: Bell) -> Pool:
    """Two events of each of eight streams."""
    for stream in STREAMS:
        await append_some(pool, stream, count=2)
    await drain(pool, Relay(pool, bell, SOURCE))
    return pool


@pytest.fixture
async def url(source: Pool) -> AsyncIterator[str]:
    async with serving(source) as address:
        yield address


async def partition_of(source: Pool, stream: str) -> int:
    partition: int = await source.fetchval(f"SELECT hashtext($1) & {PARTITIONS - 1}", stream)
    return partition


async def test_a_client_reads_what_is_in_the_table(source: Pool, url: str) -> None:
    async with FeedClient(url, "reader") as client:
        read = [await client.fetch(partition, 0, 500) for partition in range(PARTITIONS)]

    assert [event for events in read for event in events] == await all_of(source)


async def test_it_gives_no_more_than_is_asked_for(source: Pool, url: str) -> None:
    partition = await partition_of(source, STREAMS[0])

    async with FeedClient(url, "reader") as client:
        read = await client.fetch(partition, 1, 1)

    assert [event.position for event in read] == [2]


async def test_how_far_a_consumer_is_is_remembered(source: Pool, url: str) -> None:
    partition = await partition_of(source, STREAMS[0])

    async with FeedClient(url, "reader") as client:
        await client.fetch(partition, 2, 1)
        await client.fetch(partition, 1, 1)

    assert await source.fetchval(CONSUMERS, "reader", partition) == 1


async def test_a_gap_is_never_read_over(source: Pool) -> None:
    partition = await partition_of(source, STREAMS[0])
    await source.execute("DELETE FROM outbox WHERE partition = $1 AND position = 2", partition)

    before = await of(source).fetch(partition, 0, 10)
    with pytest.raises(Discontinued) as after:
        await of(source).fetch(partition, 1, 10)

    assert [event.position for event in before] == [1]
    assert after.value.oldest == 3


async def test_what_was_pruned_to_the_end_is_told_with_where_to_go_on(
    source: Pool, url: str
) -> None:
    partition = await partition_of(source, STREAMS[0])
    newest = (await of(source).positions())[partition]
    await source.execute("TRUNCATE outbox")

    async with FeedClient(url, "late") as client:
        with pytest.raises(Discontinued) as gone:
            await client.fetch(partition, 0, 10)
        at_the_end = await client.fetch(partition, newest, 10)

    assert (gone.value.oldest, at_the_end) == (newest + 1, [])


async def test_a_position_that_the_feed_has_never_reached_is_refused(source: Pool) -> None:
    with pytest.raises(Discontinued):
        await of(source).fetch(0, 1_000, 10)


async def test_a_question_that_makes_no_sense_is_refused(url: str) -> None:
    async with FeedClient(url, "Not A Name") as client:
        with pytest.raises(FeedMisbehaved, match="answered 400"):
            await client.fetch(0, 0, 10)


async def test_a_feed_that_is_away_is_told() -> None:
    async with FeedClient(f"http://127.0.0.1:{free_port()}", "reader") as client:
        with pytest.raises(FeedUnreachable):
            await client.fetch(0, 0, 10)
