"""Two pages are asked for side by side, and what is wrong with one is wrong with both."""

import asyncio

import pytest

from legacy.client import LegacyRefusal
from legacy.fanout import both
from services.contracts.errors import HIDDEN


async def page(name: str, after: asyncio.Event, done: list[str]) -> str:
    await after.wait()
    done.append(name)
    return name


async def refused() -> str:
    raise LegacyRefusal(HIDDEN)


async def test_neither_waits_for_the_other() -> None:
    now, done = asyncio.Event(), list[str]()

    async def release() -> str:
        now.set()
        return "released"

    assert await both(page("paper", now, done), release()) == ("paper", "released")


async def test_a_refusal_of_one_is_raised_as_it_is_and_the_other_is_given_up() -> None:
    never, done = asyncio.Event(), list[str]()

    with pytest.raises(LegacyRefusal) as no:
        await both(page("paper", never, done), refused())

    never.set()
    await asyncio.sleep(0)
    assert no.value.refusal == HIDDEN
    assert done == []
