"""An operator holds a capability and lets it back: all gateways follow, and it is told."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner

from flags.cli import flags
from flags.fleet import Shared
from flags.hold_cli import hold, release
from flags.names import CAPABILITIES
from flags.redis_fleet import RedisFleet
from services.kit.redis import redis_of
from tests import valkey

READ = "progress.read"
PATIENT_S = 20.0


@pytest.fixture(scope="module")
def server() -> Iterator[valkey.Server]:
    with valkey.server() as made:
        yield made


@pytest.fixture
async def fleet(server: valkey.Server) -> AsyncIterator[RedisFleet]:
    server.ask("FLUSHALL")
    redis = redis_of(server.url)
    yield RedisFleet(redis, PATIENT_S)
    await redis.aclose()


class Operator:
    def __init__(self, home: Path, redis_url: str) -> None:
        self._environ = {"BANYAN_HOME": str(home), "REDIS_URL": redis_url}

    def says(self, command: Command, *words: str) -> tuple[int, str]:
        told = CliRunner().invoke(command, words, env=self._environ)
        return told.exit_code, told.output


@pytest.fixture
def operator(tmp_path: Path, server: valkey.Server) -> Operator:
    return Operator(tmp_path, server.url)


async def told(fleet: RedisFleet) -> Shared:
    return await fleet.exchange({}, {})


async def run(operator: Operator, command: Command, *words: str) -> tuple[int, str]:
    """A command has a loop of its own."""
    return await asyncio.to_thread(operator.says, command, *words)


async def test_what_is_held_stays_until_it_is_released(
    operator: Operator, fleet: RedisFleet
) -> None:
    assert await run(operator, hold, READ, "--why", "a drill") == (
        0,
        "progress.read is held: a drill\n",
    )
    state = (await told(fleet)).states[READ]
    assert (state.percent, state.by_hand, state.why) == (0, True, "a drill")
    [incident] = await fleet.latest(10)
    assert (incident.summary, incident.ended_at) == ("a drill", None)

    assert await run(operator, release, READ) == (0, "progress.read is let back: 1 %\n")
    state = (await told(fleet)).states[READ]
    assert (state.percent, state.by_hand) == (1, False)

    assert await run(operator, release, READ, "--now") == (
        0,
        "progress.read is let back: 100 %\n",
    )
    [incident] = await fleet.latest(10)
    assert incident.ended_at is not None


async def test_what_is_not_held_cannot_be_released(operator: Operator, fleet: RedisFleet) -> None:
    code, said = await run(operator, release, READ)

    assert (code, said) == (1, "Error: progress.read is not held.\n")
    assert (await told(fleet)).states == {}


async def test_what_is_unknown_is_said(operator: Operator) -> None:
    code, said = await run(operator, hold, "progress.raed", "--why", "a drill")

    assert code == 1
    assert "There is no capability 'progress.raed'" in said


async def test_a_redis_that_is_away_is_said(tmp_path: Path) -> None:
    code, said = await run(Operator(tmp_path, "redis://127.0.0.1:1"), hold, READ, "--why", "x")

    assert code == 1
    assert "Redis, where it is kept, cannot be asked" in said


async def test_the_list_says_what_is_held(operator: Operator, fleet: RedisFleet) -> None:
    await run(operator, hold, READ, "--why", "answers differ")

    code, said = await run(operator, flags, "list")

    assert code == 0
    assert re.search(rf"{READ} +rolled back; rolled back at .* UTC: answers differ; ", said)
    assert len(re.findall(r"rolled back;", said)) == 1


async def test_the_list_is_told_without_redis(tmp_path: Path) -> None:
    code, said = await run(Operator(tmp_path, "redis://127.0.0.1:1"), flags, "list")

    assert (code, said.count("legacy; ")) == (0, len(CAPABILITIES))
