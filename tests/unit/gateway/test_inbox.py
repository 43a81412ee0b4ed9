"""A connection's own Queue and Event."""

import asyncio

import pytest

from gateway.transport.inbox import Gate, Inbox


async def test_what_is_put_is_got_in_order() -> None:
    inbox = Inbox()
    inbox.put_nowait(1)
    inbox.put_nowait(2)

    assert [await inbox.get(), await inbox.get()] == [1, 2]
    assert inbox.empty()


async def test_whoever_waits_gets_what_comes() -> None:
    inbox = Inbox()
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(inbox.get())
        await asyncio.sleep(0)
        inbox.put_nowait(1)
        inbox.put_nowait(2)

    assert waiting.result() == 1
    assert await inbox.get() == 2


async def test_whoever_waits_no_longer_takes_nothing_along() -> None:
    inbox = Inbox()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await inbox.get()
    inbox.put_nowait(1)

    assert await inbox.get() == 1


async def test_a_gate_lets_all_through_when_it_opens() -> None:
    gate = Gate()
    await gate.wait()
    gate.clear()
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(gate.wait()) for _ in range(2)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in waiting)
        gate.set()

    assert gate.is_set()
