"""`banyan up` starts everything, and starting it again keeps what was written."""

from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from services.kit.home import RUN_FILE
from services.storage.server import database_refuses, redis_refuses, with_database
from tests.integration.deploy.conftest import Start
from tests.integration.deploy.left import named, started_by
from tests.stack import Stack


def test_the_whole_system_answers(stack: Stack) -> None:
    gateway = httpx.get(f"{stack.gateway}/health/ready")
    monolith = httpx.get(f"{stack.monolith}/health")

    assert (gateway.status_code, monolith.status_code) == (200, 200)


async def test_the_first_start_writes_the_sample(stack: Stack) -> None:
    database = with_database(stack.database, "banyan_monolith")

    tenants = await _value(database, "SELECT array_agg(id) FROM tenants")

    assert {"acme", "ministry", "northfield"} <= set(tenants)


def test_the_way_in_is_shown(stack: Stack) -> None:
    said = stack.output.read_text()

    assert f"{stack.gateway}/graphql" in said
    assert "Bearer token, learner of northfield" in said
    assert f"curl -s {stack.gateway}/graphql" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("wal_level", "logical"),
        ("max_connections", "200"),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
    ],
)
async def test_postgresql_runs_as_agreed(stack: Stack, setting: str, value: str) -> None:
    assert await _value(stack.database, f"SHOW {setting}") == value


async def test_postgresql_refuses_whoever_does_not_know_the_password(stack: Stack) -> None:
    password = str(urlsplit(stack.database).password)

    refusal = await database_refuses(stack.database.replace(password, "guessed"))

    assert "password authentication failed" in str(refusal)
    assert await database_refuses(stack.database) is None


async def test_valkey_refuses_whoever_does_not_know_the_password(stack: Stack) -> None:
    password = str(urlsplit(stack.redis).password)

    refusal = await redis_refuses(stack.redis.replace(f":{password}@", ""))

    assert "authenticate" in str(refusal)
    assert await redis_refuses(stack.redis) is None


async def test_a_second_start_keeps_the_data(start: Start) -> None:
    first = start()
    await _value(first.database, "CREATE TABLE kept AS SELECT 42 AS answer")
    first.stop()

    second = start()

    assert await _value(second.database, "SELECT answer FROM kept") == 42


def test_a_stopped_system_leaves_no_run_file(start: Start) -> None:
    running = start()

    code = running.stop()

    assert code == 0
    assert not (running.home / RUN_FILE).exists()


def test_the_gateway_runs_as_many_times_as_asked_on_one_port(start: Start) -> None:
    running = start(BANYAN_WORKERS="3")

    workers = [p for p in started_by(running) if "stand_in.py" in " ".join(p.cmdline())]

    assert len(workers) == 3
    assert int(httpx.get(running.gateway).text) in {worker.pid for worker in workers}


def test_servers_named_by_their_addresses_are_not_started_here(stack: Stack, start: Start) -> None:
    running = start(DATABASE_URL=stack.database, REDIS_URL=stack.redis)

    names = [process.name() for process in started_by(running)]

    assert (running.database, running.redis) == (stack.database, stack.redis)
    assert not [name for name in names if name.startswith(("postgres", "valkey"))]


def test_the_state_folder_is_for_its_owner_only(start: Start) -> None:
    running = start()

    files = [running.home, *(path for path in running.home.rglob("*") if not path.is_symlink())]

    assert [str(path) for path in files if path.stat().st_mode & 0o077] == []
    assert named(started_by(running), "guardian.py").is_running()


async def _value(url: str, query: str) -> Any:
    server = await asyncpg.connect(url)
    try:
        return await server.fetchval(query)
    finally:
        await server.close()
