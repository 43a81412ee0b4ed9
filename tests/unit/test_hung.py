"""A test that is given up tells who waited for what."""

import asyncio

from services.kit.once import flight
from tests.hung import waiting


async def test_a_task_that_has_not_ended_is_told_with_its_place() -> None:
    task = flight(asyncio.Event().wait(), "waits for ever")
    await asyncio.sleep(0)

    told = waiting()

    task.cancel()
    assert "waits for ever" in told
    assert "locks.py" in told
