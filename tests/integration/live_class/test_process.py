"""The service as it runs: its process begins and ends well, its projector follows a feed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from services.contracts import events as said
from services.contracts.events import Happened
from services.contracts.ids import TenantId
from services.events.bell import Bell
from services.events.duty import keep_all
from services.events.feed import Feed
from services.events.feed_routes import feed_routes
from services.events.outbox import Outbox
from services.events.relay import Relay
from services.events.role import Role
from services.events.tables import STATEMENTS
from services.kit.clock import SystemClock
from services.kit.ports import port_of
from services.live_class.migrate import APP
from services.live_class.service import OLD_SIDE, Addresses, service
from services.storage import db
from services.storage.db import Pool
from tests.fakes.tenant import NOW
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until
from tests.integration.own_database import own_database
from tests.pair import free_port
from tests.stack import Stack, await_true

FEED_DATABASE = "banyan_test_live_class_feed"
MODULE = "services.live_class"
READY_WITHIN_S = 20.0
ENDS_WITHIN_S = 5.0


def environ(stack: Stack, port: int, **more: str) -> dict[str, str]:
    """`port` is the service's own."""
    base = port - port_of(APP, 0)
    foreign = {name: text for name, text in os.environ.items() if not name.startswith("BANYAN_")}
    own = {
        "BANYAN_HOME": str(stack.home),
        "BANYAN_PORT": str(base),
        "DATABASE_URL": stack.database,
        "REDIS_URL": stack.redis,
    }
    return {**foreign, **own, **more}


@contextmanager
def begun(
    stack: Stack, port: int, output: Path, **more: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """Its API alone, beside whatever else uses its database."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", MODULE, "--only", "api"],
            env=environ(stack, port, **more),
            stdout=file,
            stderr=file,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module", autouse=True)
def migrated(stack: Stack) -> None:
    """Twice: the second time there is nothing to do."""
    for _ in range(2):
        migrate = [sys.executable, "-m", f"{MODULE}.migrate"]
        done = subprocess.run(migrate, env=environ(stack, 40_004), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def status(url: str) -> int | None:
    """None while nobody answers there."""
    try:
        return httpx.get(url, timeout=5).status_code
    except httpx.HTTPError:
        return None


def is_ready(url: str) -> bool:
    return status(f"{url}/health/ready") == 200


def test_the_process_answers_logs_its_requests_and_ends_when_told(
    stack: Stack, tmp_path: Path
) -> None:
    port, output = free_port(), tmp_path / "output"
    url = f"http://127.0.0.1:{port}"

    with begun(stack, port, output) as process:
        await_true(lambda: is_ready(url), READY_WITHIN_S)
        live = httpx.get(f"{url}/health/live?asked=once")
        process.send_signal(signal.SIGTERM)
        code = process.wait(ENDS_WITHIN_S)

    assert (live.status_code, code) == (200, 0)
    assert '"GET /health/live?asked=once HTTP/1.1" 200' in output.read_text()


def test_an_unknown_setting_is_told_in_one_sentence(stack: Stack, tmp_path: Path) -> None:
    output = tmp_path / "output"

    with begun(stack, free_port(), output, BANYAN_PROT="1") as process:
        code = process.wait(READY_WITHIN_S)

    assert code == 1
    assert output.read_text().splitlines() == [
        "live_class: Unknown setting BANYAN_PROT. Did you mean BANYAN_PORT?"
    ]


def test_without_its_database_it_lives_and_is_not_ready(stack: Stack, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    with begun(stack, port, tmp_path / "output", DATABASE_URL="postgresql://127.0.0.1:9/none"):
        await_true(lambda: status(f"{url}/health/live") == 200, READY_WITHIN_S)

        assert status(f"{url}/health/ready") == 503


def test_a_taken_port_is_told_in_one_sentence(stack: Stack, tmp_path: Path) -> None:
    port, output = free_port(), tmp_path / "output"

    with begun(stack, port, tmp_path / "first"):
        await_true(lambda: is_ready(f"http://127.0.0.1:{port}"), READY_WITHIN_S)
        with begun(stack, port, output) as second:
            code = second.wait(READY_WITHIN_S)

    assert code == 1
    assert output.read_text().splitlines() == [
        f"live_class: Port {port} is taken: stop what listens there."
    ]


@pytest.fixture
async def feed_pool(database_url: str) -> AsyncIterator[Pool]:
    """Where a source keeps its events."""
    async with own_database(database_url, FEED_DATABASE) as url, db.pool(url) as pool:
        for statement in STATEMENTS:
            await pool.execute(statement)
        yield pool


async def append(pool: Pool, tenant: str, stream: str, data: Happened) -> None:
    async with db.transaction(pool) as connection:
        await Outbox(OLD_SIDE).append(connection, TenantId(tenant), stream, data)


async def test_the_projector_follows_the_feed_and_goes_on_where_it_was(
    stack: Stack, feed_pool: Pool, live_class_url: str, pool: Pool
) -> None:
    clock, tenant = SystemClock(), "follows-the-feed"
    scheduled = said.ClassScheduled(1, 1, "First", None, NOW, NOW + timedelta(hours=1))
    moved = said.ClassScheduled(1, 1, "Moved", None, NOW, NOW + timedelta(hours=1))
    feed = Starlette(routes=feed_routes(Feed(feed_pool, Outbox(OLD_SIDE).events)))

    async def title_is(title: str) -> bool:
        found = await pool.fetchval("SELECT title FROM classes WHERE tenant_id = $1", tenant)
        return bool(found == title)

    async with serving(feed) as url, Bell(stack.redis, clock) as bell:
        at = Addresses(live_class_url, stack.redis, url)
        for title, data in {"First": scheduled, "Moved": moved}.items():
            await append(feed_pool, tenant, f"class/{tenant}/1", data)
            async with service(at, clock) as made, asyncio.TaskGroup() as work:
                duties = [*Relay(feed_pool, bell, OLD_SIDE).duties(), *made.duties[Role.PROJECTOR]]
                working = work.create_task(keep_all(duties, clock))
                await until(lambda title=title: title_is(title))  # type: ignore[misc]
                working.cancel()

    positions = await pool.fetchval("SELECT sum(position) FROM positions")
    assert positions == await feed_pool.fetchval("SELECT count(*) FROM outbox")
