"""What a connection of a pool is given back as: at no cost, but for what outlives a transaction."""

from asyncpg.connection import LoggedQuery

from services.storage import db
from services.storage.db import Pool

PID = "SELECT pg_backend_pid()"


async def pid(pool: Pool) -> int:
    async with pool.acquire() as connection:
        return int(await connection.fetchval(PID))


async def test_a_connection_is_given_back_without_a_statement(events_url: str) -> None:
    made: list[str] = []

    def note(query: LoggedQuery) -> None:
        made.append(query.query)

    async with db.pool(events_url, 1) as pool:
        async with pool.acquire() as connection:
            connection.add_query_logger(note)
            await connection.fetchval(PID)
        await pid(pool)

    assert made == [PID, PID]


async def test_a_transaction_that_was_left_open_is_undone(events_url: str) -> None:
    async with db.pool(events_url, 1) as pool:
        async with pool.acquire() as connection:
            await connection.execute("CREATE TEMP TABLE left_open (id int)")
            await connection.execute("BEGIN; INSERT INTO left_open VALUES (1)")

        async with pool.acquire() as connection:
            assert not connection.is_in_transaction()
            assert await connection.fetchval("SELECT count(*) FROM left_open") == 0


async def test_a_session_is_nobodys_after_its_block(events_url: str) -> None:
    async with db.pool(events_url, 1) as pool:
        before = await pid(pool)

        async with db.session(pool) as connection:
            assert await connection.fetchval(PID) == before

        assert await pid(pool) != before
