"""The monolith's own migration makes tables as services.events wants them: it may not import it."""

from collections.abc import AsyncIterator

import pytest

from legacy.monolith import database
from legacy.monolith.database import Connection
from services.events.tables import TABLES
from services.storage.server import create_database

DATABASE = "banyan_test_feeder_tables"
COLUMNS = """
SELECT column_name, data_type, is_nullable, column_default, is_identity, generation_expression
FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1
"""


@pytest.fixture
async def wanted(database_url: str) -> AsyncIterator[Connection]:
    await database.drop(database_url, DATABASE)
    connection = await database.connect(await create_database(database_url, DATABASE))
    await connection.execute(TABLES)
    yield connection
    await connection.close()
    await database.drop(database_url, DATABASE)


async def columns(db: Connection, table: str) -> dict[str, tuple[object, ...]]:
    return {row[0]: tuple(row) for row in await db.fetch(COLUMNS, table)}


@pytest.mark.parametrize(
    "table", ["streams", "relay_positions", "consumers", "positions", "applied"]
)
async def test_a_table_is_as_the_services_have_it(
    db: Connection, wanted: Connection, table: str
) -> None:
    assert await columns(db, table) == await columns(wanted, table) != {}


async def test_changes_are_an_outbox_where_data_may_be_absent(
    db: Connection, wanted: Connection
) -> None:
    outbox = await columns(wanted, "outbox")

    changes = await columns(db, "changes")

    assert changes.keys() == outbox.keys()
    assert {name for name in outbox if changes[name] != outbox[name]} == {"data", "partition"}


async def test_changes_and_outbox_are_partitioned_alike(db: Connection, wanted: Connection) -> None:
    split = "SELECT generation_expression FROM information_schema.columns WHERE table_name = $1"
    ours = await db.fetchval(f"{split} AND column_name = 'partition'", "changes")
    theirs = await wanted.fetchval(f"{split} AND column_name = 'partition'", "outbox")
    streams = "SELECT 'course/acme/' || n AS stream FROM generate_series(1, 100) AS n"

    alike = await db.fetchval(f"SELECT bool_and(({ours}) = ({theirs})) FROM ({streams}) AS streams")

    assert alike is True


async def test_the_relay_begins_at_zero_in_each_partition(
    db: Connection, wanted: Connection
) -> None:
    partitions = "SELECT partition FROM relay_positions ORDER BY partition"

    assert await db.fetch(partitions) == await wanted.fetch(partitions)
