"""Processes of one fleet roll back together, also when Redis is gone or has forgotten."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flags.budget import Budget
from flags.change import Change
from flags.client import Flags
from flags.health import Health
from flags.names import ASSESSMENT_ATTEMPTS, ASSESSMENT_READ, PROGRESS_READ, Capability, Side
from flags.redis_fleet import RedisFleet
from flags.rollback import Pace, State
from gateway.strangling.rollback import Rollback, Terms
from services.kit.clock import SystemClock
from services.kit.redis import redis_of
from tests import valkey
from tests.unit.flags.people import viewer

ANNA = viewer("northfield", 4)
LONG = Pace(hold_s=600)
AT_ONCE = Pace.of(hold_s=0, step_s=0)
PATIENT_S = 20.0


@dataclass(slots=True)
class Heard:
    names: list[str] = field(default_factory=list)
    states: list[State] = field(default_factory=list)

    async def __call__(self, capability: str, state: State) -> None:
        self.names.append(capability)
        self.states.append(state)


@dataclass(frozen=True, slots=True)
class Process:
    flags: Flags
    health: Health
    rollback: Rollback
    heard: Heard

    def side(self, capability: Capability = PROGRESS_READ) -> Side:
        return self.flags.decide(ANNA).side(capability)

    def sees(self, calls: int, failed: int, capability: Capability = PROGRESS_READ) -> None:
        for nth in range(calls):
            self.health.call(capability.name, failed=nth < failed)


@pytest.fixture
def server() -> Iterator[valkey.Server]:
    with valkey.server() as made:
        yield made


@asynccontextmanager
async def processes(
    home: Path, url: str, pace: Pace = LONG, is_on: bool = True
) -> AsyncIterator[tuple[Process, Process]]:
    """Everything is at the service."""
    for capability in (PROGRESS_READ, ASSESSMENT_READ, ASSESSMENT_ATTEMPTS):
        Change(capability, 100).applied(home)
    async with AsyncExitStack() as open_:
        made = []
        for _ in range(2):
            redis = redis_of(url, retry=None)
            open_.push_async_callback(redis.aclose)
            fleet, heard = RedisFleet(redis, PATIENT_S), Heard()

            flags, health = Flags(home), Health()
            terms = Terms(Budget() if is_on else None, pace, heard)
            rollback = Rollback(flags, health, fleet, SystemClock(), terms)
            made.append(Process(flags, health, rollback, heard))
        yield made[0], made[1]


async def look(*processes: Process) -> None:
    for process in processes:
        await process.rollback.look()


async def test_what_one_process_sees_alone_is_too_little_and_together_it_is_enough(
    server: valkey.Server, tmp_path: Path
) -> None:
    async with processes(tmp_path, server.url) as (one, other):
        one.sees(10, failed=3)
        await look(one)
        assert one.side() is Side.SERVICE

        other.sees(10, failed=3)
        await look(other, one)

        assert (one.side(), other.side()) == (Side.LEGACY, Side.LEGACY)
        assert one.heard.names + other.heard.names == ["progress.read"]
        [incident] = await one.rollback.incidents(10)
        assert (incident.ended_at, incident.summary) == (
            None,
            "6 of 20 calls failed in 10 s, 5 % may",
        )
        assert one.rollback.lately(PROGRESS_READ).failed == 6


async def test_what_is_back_has_an_end(server: valkey.Server, tmp_path: Path) -> None:
    async with processes(tmp_path, server.url, AT_ONCE) as (one, other):
        one.sees(10, failed=10)
        await look(one)
        fallen = one.heard.states[-1]
        assert fallen.percent == 0

        for _ in range(4):
            # The second of the failures belongs to them.
            server.ask("DEL", "health:{capabilities}")
            await look(one, other)

        assert (one.side(), other.side()) == (Side.SERVICE, Side.SERVICE)
        [incident] = await other.rollback.incidents(10)
        assert incident.started_at == datetime.fromtimestamp(fallen.began_s, UTC)
        assert incident.ended_at is not None


async def test_without_redis_each_goes_by_what_it_sees(
    server: valkey.Server, tmp_path: Path
) -> None:
    async with processes(tmp_path, server.url) as (one, other):
        await look(one, other)
        server.kill()

        one.sees(10, failed=10)
        await look(one, other)

        assert (one.side(), other.side()) == (Side.LEGACY, Side.SERVICE)
        assert len(await one.rollback.incidents(10)) == 1
        server.start()
        await look(one, other)
        assert other.side() is Side.LEGACY


async def test_what_redis_has_forgotten_is_told_to_it_again(
    server: valkey.Server, tmp_path: Path
) -> None:
    async with processes(tmp_path, server.url) as (one, other):
        one.sees(10, failed=10)
        await look(one, other)

        server.ask("FLUSHALL")
        await look(other, one)

        assert (one.side(), other.side()) == (Side.LEGACY, Side.LEGACY)


async def test_who_cannot_be_listed_there_does_not_begin_there(
    server: valkey.Server, tmp_path: Path
) -> None:
    async with processes(tmp_path, server.url) as (one, _):
        one.sees(10, 10, ASSESSMENT_READ)
        await look(one)

        assert one.side(ASSESSMENT_ATTEMPTS) is Side.LEGACY


async def test_who_cannot_begin_there_is_listed_there_all_the_same(
    server: valkey.Server, tmp_path: Path
) -> None:
    async with processes(tmp_path, server.url) as (one, _):
        one.sees(10, 10, ASSESSMENT_ATTEMPTS)
        await look(one)

        sides = [one.side(one_of) for one_of in (ASSESSMENT_ATTEMPTS, ASSESSMENT_READ)]
        assert sides == [Side.LEGACY, Side.SERVICE]


async def test_what_the_monolith_answers_alone_is_not_rolled_back(
    server: valkey.Server, tmp_path: Path
) -> None:
    async with processes(tmp_path, server.url) as (one, _):
        Change(PROGRESS_READ, 0).applied(tmp_path)
        one.flags.refresh()
        one.sees(10, failed=10)
        await look(one)

        assert await one.rollback.incidents(10) == []


async def test_switched_off_it_rolls_nothing_back(server: valkey.Server, tmp_path: Path) -> None:
    async with processes(tmp_path, server.url, is_on=False) as (one, _):
        one.sees(10, failed=10)
        await look(one)

        assert one.side() is Side.SERVICE


async def test_the_monolith_is_in_use_from_one_request_in_a_hundred(
    server: valkey.Server, tmp_path: Path
) -> None:
    async with processes(tmp_path, server.url) as (one, other):
        assert not one.rollback.uses_monolith(PROGRESS_READ)
        for _ in range(99):
            one.health.routed(PROGRESS_READ.name, Side.SERVICE)
        await look(one)
        assert not one.rollback.uses_monolith(PROGRESS_READ)

        other.health.routed(PROGRESS_READ.name, Side.LEGACY)
        await look(other, one)

        assert one.rollback.uses_monolith(PROGRESS_READ)
