"""Whoever is told to stop while a request is answered stops."""

import asyncio

import pytest

from bench.sending import sent

ANSWER = "what was asked for"


class Deaf:
    """As pyreqwest's is: its answer came just as the task that waits for it was cancelled."""

    async def send(self) -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return ANSWER
        raise AssertionError("nobody was told to stop")


async def test_who_is_told_to_stop_as_the_answer_comes_stops() -> None:
    async def ask_for_ever() -> None:
        while True:
            await sent(Deaf())

    asking = asyncio.create_task(ask_for_ever())
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking], timeout=1)

    assert asking.cancelled()


async def test_what_is_asked_behind_having_been_told_is_answered() -> None:
    """As whoever tidies up does."""
    answers: list[str] = []

    class Heard:
        async def send(self) -> str:
            return ANSWER

    async def ask_once_told() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            answers.append(await sent(Heard()))

    asking = asyncio.create_task(ask_once_told())
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert answers == [ANSWER]
