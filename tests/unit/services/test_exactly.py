"""What sleeps exactly does not wake before its time, and lets others run meanwhile."""

import asyncio

import pytest

from services.kit.clock import SystemClock
from services.kit.exactly import FINE_S, sleep_exactly


@pytest.mark.parametrize("seconds", [0.0, FINE_S / 3, FINE_S, FINE_S * 1.7, 0.0123])
async def test_it_never_wakes_before_its_time(seconds: float) -> None:
    clock = SystemClock()
    for _ in range(10):
        began_s = clock.monotonic_s()

        await sleep_exactly(seconds)

        assert clock.monotonic_s() - began_s >= seconds


async def test_others_run_to_its_very_end() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    running = asyncio.create_task(others())
    await sleep_exactly(FINE_S)
    running.cancel()

    assert turns > 10
