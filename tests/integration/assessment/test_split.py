"""A heavy tenant gets parts of its own, and everything goes on."""

from collections.abc import AsyncIterator

import pytest
from click.testing import CliRunner

from services.assessment.cli import tenant
from services.assessment.split import NoTenant, split
from services.assessment.tables import SPLIT_TABLES
from services.storage import db
from services.storage.db import Connection
from tests.fakes.tenant import OTHER
from tests.integration.assessment.campus import Campus, chose, counted
from tests.integration.assessment.definitions import QUIZ


@pytest.fixture
async def owner(assessment_url: str) -> AsyncIterator[Connection]:
    connection = await db.connect(assessment_url)
    yield connection
    await connection.close()


async def parts(campus: Campus, table: str) -> set[str]:
    rows = await campus.pool.fetch(
        f"SELECT DISTINCT tableoid::regclass::text AS part FROM {table} WHERE tenant_id = $1",
        campus.tenant,
    )
    return {row["part"].strip('"') for row in rows}


async def test_its_rows_move_and_it_is_served_on(campus: Campus, owner: Connection) -> None:
    begun = await campus.started()
    await campus.saved(begun.id, chose("q1", "b"))
    before = {table: await campus.rows(table) for table in SPLIT_TABLES}

    moved = await split(owner, campus.tenant)

    assert moved == {"attempts": 1, "answers": 1, "attempt_events": 2}
    assert {table: await campus.rows(table) for table in SPLIT_TABLES} == before
    for table in SPLIT_TABLES:
        assert await parts(campus, table) == {f"{table}_of_{campus.tenant}"}
    done = await campus.submitted(begun.id, counted("q2", 46))
    await campus.started(OTHER)
    assert done.score is not None
    assert done.score.raw == 3.0
    assert await campus.value("SELECT count(*) FROM attempts WHERE tenant_id = $1") == 2


async def test_its_own_part_keeps_one_open_attempt_a_learner(
    campus: Campus, owner: Connection
) -> None:
    await campus.started()
    await split(owner, campus.tenant)

    again = f"""
        INSERT INTO attempts SELECT tenant_id, assessment_id, user_id, preview, 2, data
        FROM attempts WHERE tenant_id = $1 AND assessment_id = {QUIZ}
    """
    with pytest.raises(Exception, match="duplicate key"):
        await campus.value(again)


async def test_it_is_split_once(campus: Campus, owner: Connection) -> None:
    await campus.started()
    await split(owner, campus.tenant)

    assert await split(owner, campus.tenant) == dict.fromkeys(SPLIT_TABLES, 0)


@pytest.mark.parametrize("name", ["", "a' OR 'a", "A", "a" * 33, 'a"b'])
async def test_what_is_no_tenants_name_is_refused(owner: Connection, name: str) -> None:
    with pytest.raises(NoTenant):
        await split(owner, name)


def test_the_command_says_in_a_sentence_what_is_wrong(database_url: str) -> None:
    result = CliRunner().invoke(tenant, ["split", "No Tenant"], env={"DATABASE_URL": database_url})

    assert (result.exit_code, result.output) == (1, "Error: 'No Tenant' is no tenant.\n")


def test_the_command_says_what_moved(database_url: str) -> None:
    result = CliRunner().invoke(tenant, ["split", "nobodys"], env={"DATABASE_URL": database_url})

    assert result.exit_code == 0
    assert "attempts: 0 rows moved" in result.output
