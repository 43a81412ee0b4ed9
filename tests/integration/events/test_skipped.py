"""The first parked event of a stream is skipped on purpose, with a record of who and why."""

import pytest

from services.events.bell import Bell
from services.events.projection_routes import projection_state
from services.events.relay import Relay
from services.projections.waiting import NothingParked, skip, waiting
from services.storage.db import Pool
from tests.integration.events.careless_projectors import projector
from tests.integration.events.reading import drain
from tests.integration.events.tally import TABLES, Tally, tallied
from tests.integration.events.writers import SOURCE, STREAMS, append_some

STREAM = STREAMS[0]


@pytest.fixture
async def projection(pool: Pool, other: Pool, bell: Bell) -> Pool:
    """Of five events the second cannot be read."""
    await other.execute(TABLES)
    await append_some(pool, STREAM, count=5)
    await pool.execute("UPDATE outbox SET data = $1 WHERE version = 2", {"type": "Unheard"})
    await drain(pool, Relay(pool, bell, SOURCE))
    await projector(pool, other, bell).catch_up()
    return other


async def test_what_waited_behind_it_is_applied(projection: Pool) -> None:
    found = await skip(projection, Tally(), (SOURCE, STREAM), "ann", "nobody needs it")

    assert [event.version for event in found.fresh] == [3, 4, 5]
    assert await tallied(projection) == {STREAM: 4}
    assert await waiting(projection) == []


async def test_it_is_kept_with_who_and_why(projection: Pool) -> None:
    await skip(projection, Tally(), (SOURCE, STREAM), "ann", "nobody needs it")

    [kept] = await projection.fetch("SELECT version, data, skipped_by, reason FROM skipped")
    assert tuple(kept) == (2, '{"type":"Unheard"}', "ann", "nobody needs it")


async def test_where_nothing_is_parked_nothing_is_skipped(projection: Pool) -> None:
    with pytest.raises(NothingParked):
        await skip(projection, Tally(), (SOURCE, STREAMS[1]), "ann", "a slip")

    assert await tallied(projection) == {STREAM: 1}


async def test_the_state_counts_what_waits(projection: Pool) -> None:
    parked = (await projection_state(projection)).parked

    assert (parked.streams, parked.events) == (1, 4)


async def test_a_stream_is_listed_by_its_first_event(projection: Pool) -> None:
    [one] = await waiting(projection)

    assert (one.key, one.version, one.behind) == (f"{SOURCE}:{STREAM}", 2, 3)
    assert one.why.startswith("Unreadable: ")
