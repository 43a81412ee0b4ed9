"""A service runs in as many processes as its roles ask for, and each ends when it is told to."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from services.storage.db import Pool
from tests.integration.events import program
from tests.integration.events.tally import TABLES, tallied
from tests.integration.events.writers import append_some
from tests.integration.monolith.waiting import until
from tests.pair import Server, free_port
from tests.stack import Stack, await_true

STREAM = "person/demo/1"
PASSED = "after=3&limit=500&consumer=tally"
START_S = 30.0
STOP_S = 10.0


class Starter:
    """Starts processes of the small service; each writes what it says into a file of its own."""

    def __init__(self, home: Path, stack: Stack) -> None:
        self._home = home
        self._redis = stack.redis

    @contextmanager
    def service(self, url: str, *only: str, port: int = 0, source: str = "") -> Iterator[Server]:
        port = port or free_port()
        own = {"DATABASE_URL": url, "REDIS_URL": self._redis, "SOURCE_URL": source}
        log = self._home / f"{port}.{'.'.join(only)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-u", "-m", program.__name__, *(f"--only={x}" for x in only)],
                env={**os.environ, **own, "PORT": str(port)},
                stdout=output,
                stderr=output,
            )
        try:
            yield Server(f"http://127.0.0.1:{port}", process, log)
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def starter(tmp_path: Path, stack: Stack) -> Starter:
    return Starter(tmp_path, stack)


async def test_a_service_split_over_processes_works_as_one(
    pool: Pool, events_url: str, other: Pool, other_url: str, starter: Starter
) -> None:
    await other.execute(TABLES)
    await append_some(pool, STREAM, count=3)

    with (
        starter.service(events_url, "api") as api,
        starter.service(events_url, "relay"),
        starter.service(other_url, "projector", source=api.url),
    ):
        await_true(lambda: any(PASSED in asked for asked in api.requests()), START_S)

    assert await tallied(other) == {STREAM: 3}


async def test_one_process_may_do_everything(pool: Pool, events_url: str, starter: Starter) -> None:
    await pool.execute(TABLES)
    await append_some(pool, STREAM, count=3)
    port = free_port()

    async def has_arrived() -> bool:
        return await tallied(pool) == {STREAM: 3}

    with starter.service(events_url, port=port, source=f"http://127.0.0.1:{port}") as whole:
        await until(has_arrived, START_S)
        live = _status(whole, "/health/live")
        whole.process.send_signal(signal.SIGTERM)
        code = whole.process.wait(STOP_S)

    assert (live, code) == (200, 0), whole.log.read_text()


async def test_without_its_database_it_lives_and_is_not_ready(starter: Starter) -> None:
    nowhere = f"postgresql://postgres@127.0.0.1:{free_port()}/nowhere"

    with starter.service(nowhere) as server:
        await_true(lambda: _status(server, "/health/live") == 200, START_S)

        assert _status(server, "/health/ready") == 503
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(STOP_S) == 0


async def test_a_taken_port_is_told_in_one_sentence(events_url: str, starter: Starter) -> None:
    port = free_port()
    with (
        socket.create_server(("127.0.0.1", port)),
        starter.service(events_url, "api", "relay", port=port) as service,
    ):
        code = service.process.wait(START_S)

    assert code == 1
    assert service.log.read_text() == f"Port {port} is taken: stop what listens there.\n"


def _status(server: Server, path: str) -> int:
    assert server.process.poll() is None, server.log.read_text()
    try:
        return httpx.get(server.url + path, timeout=5).status_code
    except httpx.HTTPError:
        return 0
