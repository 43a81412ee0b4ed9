"""A connection sees and writes the rows of one tenant alone, whatever its statement says."""

import asyncpg
import pytest

from services.assessment.tables import SPLIT_TABLES, TABLES
from services.storage import db
from services.storage.db import Pool
from tests.integration.assessment.campus import Campus, chose

EVERY = (*TABLES, *SPLIT_TABLES, "outbox", "command_keys")
FILLED = ("definitions", "people", "enrolments", "attempts", "answers", "outbox", "command_keys")


@pytest.fixture(autouse=True)
async def filled(campus: Campus) -> None:
    await campus.saved((await campus.started()).id, chose("q1", "b"))


@pytest.mark.parametrize("table", EVERY)
async def test_without_a_tenant_nothing_is_seen(worker: Pool, table: str) -> None:
    async with db.transaction(worker) as connection:
        assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.parametrize("table", FILLED)
async def test_with_a_tenant_its_rows_are_seen_and_no_others(
    campus: Campus, worker: Pool, table: str
) -> None:
    async with db.transaction(worker, campus.tenant) as connection:
        seen = await connection.fetch(f"SELECT DISTINCT tenant_id FROM {table}")

    assert [row["tenant_id"] for row in seen] == [campus.tenant]


@pytest.mark.parametrize("table", FILLED)
async def test_the_owner_sees_that_there_are_more(campus: Campus, table: str) -> None:
    assert await campus.value(f"SELECT count(*) FROM {table} WHERE tenant_id = $1") > 0


async def test_no_row_is_written_for_another_tenant(worker: Pool) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with db.transaction(worker, "one") as connection:
            await connection.execute("INSERT INTO people VALUES ('another', 1, '{}')")


async def test_no_row_of_another_tenant_is_changed(campus: Campus, worker: Pool) -> None:
    async with db.transaction(worker, "another") as connection:
        done = await connection.execute("UPDATE attempts SET due_at = now()")

    assert done == "UPDATE 0"
    assert await campus.value("SELECT count(due_at) FROM attempts WHERE tenant_id = $1") == 0


async def test_a_tenant_is_forgotten_with_its_transaction(campus: Campus, worker: Pool) -> None:
    async with worker.acquire() as connection:
        for _ in range(2):
            async with db._begun(connection, db.WRITING, campus.tenant):
                assert await connection.fetchval("SELECT count(*) FROM attempts") == 1
            assert await connection.fetchval("SELECT count(*) FROM attempts") == 0


@pytest.mark.parametrize("name", ["a'; DROP TABLE attempts; --", "\\', true); SELECT 1 --", "å🌱"])
async def test_a_tenants_name_is_no_sql(worker: Pool, name: str) -> None:
    async with db.transaction(worker, name) as connection:
        assert await connection.fetchval("SELECT current_setting('banyan.tenant')") == name
