"""What a slow consumer has not passed is kept; what all have passed goes after a day."""

import asyncpg
import pytest

from services.events.bell import Bell
from services.events.partitions import make_ahead
from services.events.prune import prune_days, prune_rows
from services.events.relay import Relay
from services.events.upkeep import Upkeep
from services.storage import db
from services.storage.db import Pool
from tests.integration.events.careless_projectors import of
from tests.integration.events.reading import drain
from tests.integration.events.writers import SOURCE, STREAMS, append, append_some, left_open

STREAM = STREAMS[0]
DAYS = "SELECT relid::text FROM pg_partition_tree('outbox') WHERE isleaf ORDER BY 1"
NAME = "SELECT 'outbox_' || to_char(current_date + $1::int, 'YYYYMMDD')"


async def age(pool: Pool, days: int) -> str:
    """Moves what there is some days into the past; gives that day's partition."""
    name: str = await pool.fetchval(NAME, -days)
    day = await pool.fetchval("SELECT (current_date - $1::int)::text", days)
    await pool.execute(
        f"CREATE TABLE {name} PARTITION OF outbox"
        f" FOR VALUES FROM ('{day}') TO ('{day}'::date + 1);"
        f" UPDATE outbox SET day = '{day}', at = at - interval '{days} days'"
    )
    return name


async def sent(pool: Pool, bell: Bell, days_ago: int) -> tuple[str, int]:
    """Three events that were sent then; their day's partition and their feed's."""
    await append_some(pool, STREAM, count=3)
    await drain(pool, Relay(pool, bell, SOURCE))
    partition = await pool.fetchval("SELECT partition FROM outbox LIMIT 1")
    return await age(pool, days_ago), partition


async def prune(pool: Pool) -> list[str]:
    async with pool.acquire() as connection:
        return await prune_days(connection)


async def test_a_day_goes_once_the_slowest_has_passed_it(pool: Pool, bell: Bell) -> None:
    day, partition = await sent(pool, bell, days_ago=2)
    await of(pool).remember("fast", partition, 3)
    await of(pool).remember("slow", partition, 2)
    kept = await prune(pool)

    await of(pool).remember("slow", partition, 3)
    gone = await prune(pool)

    assert (kept, gone) == ([], [day])
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 0


async def test_yesterday_is_kept_though_all_have_passed_it(pool: Pool, bell: Bell) -> None:
    _, partition = await sent(pool, bell, days_ago=1)
    await of(pool).remember("fast", partition, 3)

    assert await prune(pool) == []


async def test_what_was_never_sent_is_kept(pool: Pool) -> None:
    await append_some(pool, STREAM)
    await age(pool, days=2)

    assert await prune(pool) == []


async def test_a_consumer_that_is_expected_but_never_came_is_waited_for(
    pool: Pool, bell: Bell
) -> None:
    await sent(pool, bell, days_ago=2)
    await of(pool).expect("mirror")

    assert await prune(pool) == []


async def test_what_nobody_waits_for_goes(pool: Pool, bell: Bell) -> None:
    day, _ = await sent(pool, bell, days_ago=2)

    assert await prune(pool) == [day]


async def test_rows_of_a_table_without_partitions_go_the_same_way(pool: Pool, bell: Bell) -> None:
    _, partition = await sent(pool, bell, days_ago=2)
    await append_some(pool, STREAM)
    await pool.execute("CREATE TABLE changes AS TABLE outbox")
    await of(pool).remember("slow", partition, 2)

    async with pool.acquire() as connection:
        gone = [await prune_rows(connection, "changes") for _ in range(2)]

    left = await pool.fetch("SELECT position FROM changes ORDER BY id")
    assert gone == [2, 0]
    assert [row["position"] for row in left] == [3, None]


async def test_a_writer_never_waits_long_for_pruning(
    events_url: str, pool: Pool, bell: Bell
) -> None:
    await sent(pool, bell, days_ago=2)

    async with left_open(events_url, STREAMS[1]):
        assert await prune(pool) == []


async def test_tomorrows_partition_is_made_before_it_is_needed(pool: Pool) -> None:
    tomorrow = await pool.fetchval(NAME, 1)
    await pool.execute(f"DROP TABLE {tomorrow}")

    await Upkeep(pool).once()

    assert tomorrow in [row["relid"] for row in await pool.fetch(DAYS)]
    await pool.execute(
        "INSERT INTO outbox (day, tenant_id, stream, version, data)"
        " VALUES (current_date + 1, 'demo', 'person/demo/1', 1, '{}')"
    )


async def test_a_day_without_a_partition_would_refuse_its_events(pool: Pool) -> None:
    await pool.execute(f"DROP TABLE {await pool.fetchval(NAME, 0)}")

    with pytest.raises(asyncpg.CheckViolationError):
        await append_some(pool, STREAM)


async def test_partitions_are_made_beside_open_transactions(events_url: str, pool: Pool) -> None:
    tomorrow = await pool.fetchval(NAME, 1)
    await pool.execute(f"DROP TABLE {tomorrow}")

    async with left_open(events_url, STREAM), db.transaction(pool) as connection:
        await make_ahead(connection)
        await append(connection, STREAMS[1])


async def test_partitions_made_in_the_plain_way_would_wait_for_them(
    events_url: str, pool: Pool
) -> None:
    tomorrow = await pool.fetchval(NAME, 1)
    await pool.execute(f"DROP TABLE {tomorrow}")
    day = await pool.fetchval("SELECT (current_date + 1)::text")
    plainly = (
        f"CREATE TABLE {tomorrow} PARTITION OF outbox"
        f" FOR VALUES FROM ('{day}') TO ('{day}'::date + 1)"
    )

    async with left_open(events_url, STREAM), pool.acquire() as connection:
        await connection.execute("SET lock_timeout = '50ms'")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await connection.execute(plainly)
