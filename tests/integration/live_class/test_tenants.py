"""A connection sees and writes the rows of one tenant alone, whatever its statement says."""

import asyncpg
import pytest

from services.contracts import classroom_api as api
from services.contracts.classroom import ClassDeed
from services.contracts.errors import HIDDEN
from services.live_class.room.tables import TABLES
from services.live_class.tables import TABLES as TIMETABLE
from services.storage import db
from services.storage.db import Pool
from tests.integration.live_class.lecture import CLASS, Lecture

EVERY = (*TABLES, *TIMETABLE, "outbox", "command_keys")


@pytest.fixture(autouse=True)
async def filled(lecture: Lecture) -> None:
    await lecture.all_join([10, 11])
    await lecture.does(10, ClassDeed.RAISE_HAND)
    await lecture.opens(2)
    await lecture.tick()


@pytest.mark.parametrize("table", EVERY)
async def test_without_a_tenant_nothing_is_seen(worker: Pool, table: str) -> None:
    async with db.transaction(worker) as connection:
        assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.parametrize("table", EVERY)
async def test_with_a_tenant_its_rows_are_seen_and_no_others(
    lecture: Lecture, worker: Pool, table: str
) -> None:
    async with db.transaction(worker, lecture.tenant) as connection:
        seen = await connection.fetch(f"SELECT DISTINCT tenant_id FROM {table}")

    assert [row["tenant_id"] for row in seen] == [lecture.tenant]


async def test_no_row_is_written_for_another_tenant(worker: Pool) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with db.transaction(worker, "one") as connection:
            await connection.execute("INSERT INTO hands VALUES ('another', 'l1', 1)")


async def test_no_row_of_another_tenant_is_changed(lecture: Lecture, worker: Pool) -> None:
    async with db.transaction(worker, "another") as connection:
        done = await connection.execute("UPDATE rooms SET state = 'ENDED'")

    assert done == "UPDATE 0"
    open_ = "SELECT state FROM rooms WHERE tenant_id = $1 AND live_class = $2"
    assert await lecture.value(open_) == "OPEN"


async def test_the_timetable_is_read_and_never_written(worker: Pool) -> None:
    for table in TIMETABLE:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            async with db.transaction(worker, "one") as connection:
                await connection.execute(f"DELETE FROM {table}")


async def test_the_class_of_another_tenant_is_not_there(lecture: Lecture) -> None:
    stranger = lecture.of("another-tenant")

    assert await stranger.joins(10) == HIDDEN
    assert await stranger.ask(10, api.ROOMS, api.Classes([CLASS])) == [None]
    assert await stranger.ask(10, api.CHANGES, api.After(CLASS, None)) == HIDDEN
