"""What was begun goes on where it stopped, in the task that began it."""

import asyncio

import pytest

from services.kit.begun import Begun


async def at_once() -> int:
    return 1


async def test_what_waits_for_nothing_is_done_with_its_first_step() -> None:
    begun = Begun(at_once())

    assert begun.is_done
    assert await begun == 1


async def test_what_waits_goes_on_as_often_as_it_must() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        await asyncio.sleep(0.001)
        return 2

    begun = Begun(work())

    assert not begun.is_done
    assert await begun == 2


async def test_what_the_first_step_raises_is_raised_by_it() -> None:
    async def work() -> None:
        raise ValueError("first")

    with pytest.raises(ValueError, match="first"):
        Begun(work())


async def test_what_a_later_step_raises_is_raised_to_who_awaits() -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        raise ValueError("later")

    with pytest.raises(ValueError, match="later"):
        await Begun(work())


async def test_a_timeout_ends_what_waits() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            ended.append("tidied up")

    begun = Begun(work())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await begun

    assert ended == ["tidied up"]


async def test_a_cancelled_task_ends_what_waits() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async def begin() -> None:
        await Begun(work())

    task = asyncio.create_task(begin())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert ended.is_set()
