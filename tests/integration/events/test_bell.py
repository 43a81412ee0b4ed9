"""The bell wakes whoever waits, and where there is no Redis everybody looks for themselves."""

import asyncio
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from services.events.bell import RING_S, SILENT_S, Bell
from services.events.relay import Relay
from services.kit.clock import SystemClock
from services.storage import valkey
from services.storage.db import Pool
from tests.integration.events.careless_projectors import projector
from tests.integration.events.reading import at_work
from tests.integration.events.tally import TABLES, tallied
from tests.integration.events.writers import SOURCE, append_some
from tests.integration.monolith.waiting import until
from tests.pair import free_port

CHANNEL = "outbox:tests"
LONG_S = 10.0
SHORT_S = 0.05
STREAM = "person/demo/1"


@contextmanager
def redis(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server of the test's own."""
    argv = [str(valkey.program()), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
async def nowhere() -> AsyncIterator[Bell]:
    """A bell without Redis."""
    async with Bell(f"redis://127.0.0.1:{free_port()}/0", SystemClock()) as silent:
        yield silent


async def rings_within(bell: Bell, seconds: float) -> bool:
    """Rings until it is heard: a subscription takes its moment."""

    async def is_heard() -> bool:
        rings = bell.rings(CHANNEL)
        await bell.ring(CHANNEL)
        return await bell.wait(CHANNEL, SHORT_S, since=rings)

    try:
        await until(is_heard, seconds)
    except TimeoutError:
        return False
    return True


async def test_a_ring_ends_the_wait(bell: Bell) -> None:
    assert await rings_within(bell, LONG_S)
    waiting = asyncio.ensure_future(bell.wait(CHANNEL, LONG_S))
    await asyncio.sleep(0)

    began_s = time.monotonic()
    await bell.ring(CHANNEL)

    assert await waiting
    assert time.monotonic() - began_s < LONG_S / 2


async def test_a_ring_between_the_look_and_the_wait_is_not_missed(bell: Bell) -> None:
    assert await rings_within(bell, LONG_S)
    rings = bell.rings(CHANNEL)
    await bell.ring(CHANNEL)

    async def has_rung() -> bool:
        return bell.rings(CHANNEL) > rings

    await until(has_rung)

    assert await bell.wait(CHANNEL, SHORT_S, since=rings)
    assert not await bell.wait(CHANNEL, SHORT_S)


async def test_another_channels_ring_is_not_ours(bell: Bell) -> None:
    assert await rings_within(bell, LONG_S)
    waiting = asyncio.ensure_future(bell.wait("outbox:others", 4 * SHORT_S))

    assert await rings_within(bell, LONG_S)

    assert not await waiting


async def test_without_redis_a_wait_lasts_its_time_and_a_ring_costs_nothing(
    nowhere: Bell,
) -> None:
    began_s = time.monotonic()
    await asyncio.gather(*(nowhere.ring(CHANNEL) for _ in range(1_000)))
    rung_s = time.monotonic() - began_s

    assert not await nowhere.wait(CHANNEL, SHORT_S)
    assert rung_s < 2.0


async def test_without_redis_events_arrive_all_the_same(
    pool: Pool, other: Pool, nowhere: Bell
) -> None:
    await other.execute(TABLES)

    async def has_arrived() -> bool:
        return await tallied(other) == {STREAM: 1}

    duties = projector(pool, other, nowhere).duties()
    async with at_work(Relay(pool, nowhere, SOURCE).duties(), duties):
        await append_some(pool, STREAM)
        await until(has_arrived)


async def test_it_rings_again_when_redis_is_back() -> None:
    port = free_port()
    async with Bell(f"redis://127.0.0.1:{port}/0", SystemClock()) as bell:
        with redis(port):
            first = await rings_within(bell, LONG_S)
        between = await rings_within(bell, 4 * SHORT_S)
        with redis(port):
            again = await rings_within(bell, LONG_S)

    assert (first, between, again) == (True, False, True)


async def test_a_hung_redis_holds_a_writer_once_and_briefly() -> None:
    port = free_port()
    with redis(port) as process:
        async with Bell(f"redis://127.0.0.1:{port}/0", SystemClock()) as bell:
            assert await rings_within(bell, LONG_S)
            process.send_signal(signal.SIGSTOP)

            began_s = time.monotonic()
            for _ in range(5):
                await bell.ring(CHANNEL)
            took_s = time.monotonic() - began_s

    assert RING_S <= took_s < SILENT_S
