"""What is fetched once serves all who wait, whoever leaves."""

import asyncio

import pytest

from services.kit.once import Once


class Source:
    """Answers when it is released, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.released = asyncio.Event()

    async def fetch(self) -> str:
        self.asked += 1
        await self.released.wait()
        return "answer"


async def test_many_wait_for_one_fetch() -> None:
    source = Source()
    once = Once(source.fetch)
    waiting = [asyncio.ensure_future(once.get()) for _ in range(100)]

    source.released.set()

    assert set(await asyncio.gather(*waiting)) == {"answer"}
    assert source.asked == 1


async def test_who_leaves_takes_nobody_with_them() -> None:
    source = Source()
    once = Once(source.fetch)
    leaver, stayer = (asyncio.ensure_future(once.get()) for _ in range(2))
    await asyncio.sleep(0)

    leaver.cancel()
    source.released.set()

    assert await stayer == "answer"
    assert leaver.cancelled()


async def test_without_a_task_of_its_own_the_leaver_takes_the_others_with_them() -> None:
    source = Source()
    inline = asyncio.ensure_future(source.fetch())

    async def wait() -> str:
        return await inline

    leaver, stayer = (asyncio.ensure_future(wait()) for _ in range(2))
    await asyncio.sleep(0)

    leaver.cancel()

    with pytest.raises(asyncio.CancelledError):
        await stayer


async def test_closing_ends_a_fetch_that_nobody_waits_for() -> None:
    source = Source()
    once = Once(source.fetch)
    waiting = asyncio.ensure_future(once.get())
    await asyncio.sleep(0)

    await once.close()

    with pytest.raises(asyncio.CancelledError):
        await waiting
