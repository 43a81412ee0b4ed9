"""A busy loop reads what came in time before it gives up; what hangs is given up in time."""

import asyncio
import time

import pytest

from gateway.cache.patience import patience


async def test_what_came_while_the_loop_was_busy_is_read() -> None:
    loop = asyncio.get_running_loop()
    reply = loop.create_future()
    loop.call_later(0.01, reply.set_result, "in time")
    loop.call_soon(time.sleep, 0.1)

    async with patience(0.02):
        assert await reply == "in time"
        await asyncio.sleep(0)


async def test_what_hangs_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        async with patience(0.01):
            await asyncio.Event().wait()


async def test_what_is_done_in_time_leaves_no_timer() -> None:
    async with patience(0.01):
        pass

    await asyncio.sleep(0.03)
