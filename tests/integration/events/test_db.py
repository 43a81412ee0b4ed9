"""Every wait for the database has an end, and JSON columns are Python values."""

import asyncpg
import pytest
from asyncpg.connection import LoggedQuery

from services.contracts.events import LessonsCompleted
from services.storage import db
from services.storage.db import Pool
from tests.integration.monolith.waiting import until


class ChangedMind(Exception):
    """Leaves the transaction."""


async def test_a_transaction_that_an_error_leaves_changes_nothing(pool: Pool) -> None:
    async def change_mind() -> None:
        async with db.transaction(pool) as connection:
            await connection.execute("INSERT INTO streams VALUES ('a', 1)")
            raise ChangedMind

    with pytest.raises(ChangedMind):
        await change_mind()

    assert await pool.fetchval("SELECT count(*) FROM streams") == 0


@pytest.mark.parametrize(
    ("limit", "longest"),
    [
        ("lock_timeout", "2s"),
        ("statement_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "5s"),
    ],
)
async def test_every_wait_ends(limit: str, longest: str, pool: Pool) -> None:
    async with db.transaction(pool) as connection:
        assert await connection.fetchval(f"SHOW {limit}") == longest


async def test_a_sessions_settings_and_locks_end_with_it(pool: Pool) -> None:
    async with db.session(pool) as connection:
        await connection.execute("SET lock_timeout = 0; SELECT pg_advisory_lock(7)")

    async def is_free() -> bool:
        async with db.transaction(pool) as other:
            return bool(await other.fetchval("SELECT pg_try_advisory_xact_lock(7)"))

    await until(is_free)
    async with pool.acquire() as connection:
        assert await connection.fetchval("SHOW lock_timeout") == "2s"


async def test_of_a_borrowed_connection_they_would_stay(pool: Pool) -> None:
    async with pool.acquire() as connection:
        await connection.execute("SET lock_timeout = 0")

    async with pool.acquire() as connection:
        assert await connection.fetchval("SHOW lock_timeout") == "0"


async def test_a_connection_is_given_back_without_a_round_trip(pool: Pool) -> None:
    asked = list[LoggedQuery]()
    async with pool.acquire() as connection:
        connection.add_query_logger(asked.append)

    for _ in range(2):
        await pool.fetchval("SELECT 1")

    assert [one.query for one in asked] == ["SELECT 1", "SELECT 1"]


async def test_a_transaction_that_was_left_open_is_undone_when_it_is_given_back(pool: Pool) -> None:
    async with pool.acquire() as connection:
        await connection.execute("BEGIN; INSERT INTO streams VALUES ('a', 1)")

    assert await pool.fetchval("SELECT count(*) FROM streams") == 0


async def test_whoever_waits_for_a_lock_is_told_in_time(pool: Pool) -> None:
    async with db.transaction(pool) as one, db.transaction(pool) as other:
        await one.execute("INSERT INTO streams VALUES ('a', 1)")
        await other.execute("SET LOCAL lock_timeout = '50ms'")

        with pytest.raises(asyncpg.LockNotAvailableError):
            await other.execute("INSERT INTO streams VALUES ('a', 1)")


async def test_json_goes_in_as_values_and_structs_and_comes_out_as_values(pool: Pool) -> None:
    values = [{"ü": [1, None, "x"]}, LessonsCompleted(7, 1, [2]), None]

    read = [await pool.fetchval("SELECT $1::jsonb", value) for value in values]

    struct = {"type": "LessonsCompleted", "course": 7, "user": 1, "lessons": [2]}
    assert read == [{"ü": [1, None, "x"]}, struct, None]


async def test_json_is_copied_too(pool: Pool) -> None:
    async with db.transaction(pool) as connection:
        await connection.execute("CREATE TEMP TABLE kept (data jsonb) ON COMMIT DROP")
        await connection.copy_records_to_table("kept", records=[({"a": 1},)])

        assert await connection.fetchval("SELECT data FROM kept") == {"a": 1}
