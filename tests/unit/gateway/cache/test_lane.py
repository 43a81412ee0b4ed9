"""What is asked in one tick travels together, and each gets the reply to their own question."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from redis.exceptions import ResponseError

from gateway.cache.breaker import FAILURES, Breaker
from gateway.cache.lane import AWAY, MOST_COMMANDS, MOST_UNDER_WAY, Command, Lane
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW


@dataclass
class Echo:
    """A server that answers each command with its last word, once it may."""

    may: asyncio.Event = field(default_factory=asyncio.Event)
    batches: list[int] = field(default_factory=list)
    broken: bool = False

    async def send(self, commands: Sequence[Command]) -> Sequence[Any]:
        self.batches.append(len(commands))
        await self.may.wait()
        if self.broken:
            raise ConnectionResetError
        return [command[-1] for command in commands]


@pytest.fixture
def echo() -> Echo:
    made = Echo()
    made.may.set()
    return made


@pytest.fixture
def failures() -> list[str]:
    return []


@pytest.fixture
def lane(echo: Echo, failures: list[str]) -> Lane:
    return Lane(echo.send, Breaker(FakeClock(NOW)), lambda: failures.append("failed"))


async def asked(lane: Lane, questions: int) -> list[Any]:
    return list(await asyncio.gather(*(lane.ask("ECHO", nth) for nth in range(questions))))


async def test_one_tick_is_one_batch(lane: Lane, echo: Echo) -> None:
    assert await asked(lane, 50) == list(range(50))
    assert echo.batches == [50]


async def test_more_than_a_batch_holds_is_several(lane: Lane, echo: Echo) -> None:
    questions = 2 * MOST_COMMANDS + 1

    assert await asked(lane, questions) == list(range(questions))
    assert echo.batches == [MOST_COMMANDS, MOST_COMMANDS, 1]


async def test_what_is_asked_while_many_are_under_way_gathers(lane: Lane, echo: Echo) -> None:
    echo.may.clear()
    asking = []
    for nth in range(2 * MOST_UNDER_WAY):
        asking.append(asyncio.ensure_future(lane.ask("ECHO", nth)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    echo.may.set()

    assert await asyncio.gather(*asking) == list(range(2 * MOST_UNDER_WAY))
    assert echo.batches == [1] * MOST_UNDER_WAY + [MOST_UNDER_WAY]


async def test_who_leaves_takes_nobody_along(lane: Lane, echo: Echo) -> None:
    echo.may.clear()
    asking = [asyncio.ensure_future(lane.ask("ECHO", nth)) for nth in range(9)]
    await asyncio.sleep(0.01)
    asking[0].cancel()
    await asyncio.sleep(0)
    echo.may.set()

    assert await asyncio.gather(*asking[1:]) == list(range(1, 9))


async def test_a_refused_command_is_its_askers_trouble_alone(lane: Lane) -> None:
    refused = ResponseError("WRONGTYPE")

    assert list(await asyncio.gather(lane.ask("A", refused), lane.ask("B", 1))) == [refused, 1]
    assert not lane.rests


async def test_nobody_waits_for_a_server_that_hangs(
    lane: Lane, echo: Echo, failures: list[str]
) -> None:
    echo.may.clear()
    async with asyncio.timeout(5):
        for _ in range(FAILURES):
            assert await asked(lane, 2) == [AWAY, AWAY]

    assert await lane.ask("ECHO", 1) is AWAY
    assert (len(echo.batches), len(failures)) == (FAILURES, FAILURES)
    await lane.close()


async def test_a_broken_connection_is_known_at_once(
    lane: Lane, echo: Echo, failures: list[str]
) -> None:
    echo.broken = True

    assert await asked(lane, 2) == [AWAY, AWAY]
    assert len(failures) == 1


async def test_what_is_under_way_ends_with_its_owner(lane: Lane, echo: Echo) -> None:
    echo.may.clear()
    asking = asyncio.ensure_future(lane.ask("ECHO", 1))
    await asyncio.sleep(0.01)

    await asyncio.wait_for(lane.close(), 1)

    assert await asking is AWAY
