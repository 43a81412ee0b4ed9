"""A relay finds what is new by its index, even when a table was counted while all of it was new."""

import pytest

from services.events.bell import Bell
from services.events.relay import BY_INDEX, Relay
from services.storage import db
from services.storage.db import Connection, Pool
from tests.integration.events.reading import drain
from tests.integration.events.writers import SOURCE

ROWS = 20_000
LOAD = f"""
CREATE TABLE loaded (LIKE outbox INCLUDING GENERATED INCLUDING IDENTITY INCLUDING DEFAULTS,
    PRIMARY KEY (id));
CREATE INDEX loaded_unsent ON loaded (partition, id) WHERE position IS NULL;
CREATE INDEX loaded_sent ON loaded (partition, position);
INSERT INTO loaded (tenant_id, stream, version, data)
SELECT 'demo', 'person/demo/' || n, 1, '{{}}' FROM generate_series(1, {ROWS}) AS n;
ANALYZE loaded
"""


@pytest.fixture
async def relay(pool: Pool, bell: Bell) -> Relay:
    """All is sent that was there when the table was counted."""
    await pool.execute(LOAD)
    relay = Relay(pool, bell, SOURCE, "loaded")
    await drain(pool, relay)
    return relay


async def test_it_reads_by_the_index_of_what_is_unsent(relay: Relay, pool: Pool) -> None:
    async with db.session(pool) as connection:
        await connection.execute(BY_INDEX)
        looks = await plan(connection, relay._is_unsent, 1)
        sends = await plan(connection, relay._stamp, 1, 500)

    assert "Seq Scan" not in looks
    assert "Seq Scan" not in sends
    assert "loaded_unsent" in sends


async def test_left_to_itself_the_planner_would_read_the_whole_table(
    relay: Relay, pool: Pool
) -> None:
    async with db.session(pool) as connection:
        assert "Seq Scan" in await plan(connection, relay._is_unsent, 1)


async def test_of_an_order_that_the_primary_key_has_too_it_would_take_that(
    relay: Relay, pool: Pool
) -> None:
    plainly = relay._stamp.replace("BETWEEN $1 AND $1", "= $1").replace("partition, id", "id")

    async with db.session(pool) as connection:
        await connection.execute(BY_INDEX)
        assert "loaded_unsent" not in await plan(connection, plainly, 1, 500)


async def plan(connection: Connection, statement: str, *given: int) -> str:
    """As it is kept for any value, which a relay's connection comes to after a few."""
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    rows = await connection.fetch(f"EXPLAIN {statement}", *given)
    return "\n".join(row[0] for row in rows)
