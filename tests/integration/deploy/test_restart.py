"""A process that dies is started again, and what it said last is shown."""

import signal
from functools import partial

import httpx

from deploy.ready import answered
from services.storage.server import database_refuses, redis_refuses
from tests.integration.deploy.conftest import Start
from tests.integration.deploy.left import named, started_by
from tests.stack import Stack, await_true

AGAIN_WITHIN_S = 10.0


def test_a_killed_gateway_answers_again(start: Start) -> None:
    running = start(BANYAN_WORKERS="1")
    gateway = named(started_by(running), "stand_in.py")

    gateway.kill()

    await_true(lambda: _answering(running) not in ("", str(gateway.pid)), AGAIN_WITHIN_S)
    said = running.output.read_text()
    assert f"gateway.1 was killed by signal {signal.SIGKILL:d}, starting it again in 0.2 s" in said
    assert "    a plain stand-in begins" in said


async def test_a_killed_postgresql_answers_again(start: Start) -> None:
    running = start()
    server = named(started_by(running), "bin/postgres")

    server.kill()
    server.wait()

    reason = await answered(partial(database_refuses, running.database), AGAIN_WITHIN_S)
    assert reason is None
    assert named(started_by(running), "bin/postgres") != server


async def test_a_killed_valkey_answers_again(start: Start) -> None:
    running = start()
    server = named(started_by(running), "valkey-server")

    server.kill()
    server.wait()

    reason = await answered(partial(redis_refuses, running.redis), AGAIN_WITHIN_S)
    assert reason is None
    assert named(started_by(running), "valkey-server") != server


def _answering(running: Stack) -> str:
    """The number of the process that answers; empty when none does."""
    try:
        return httpx.get(running.gateway).text
    except httpx.HTTPError:
        return ""
