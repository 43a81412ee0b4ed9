"""What runs at once ends as one."""

import asyncio

import pytest

from gateway.execution.compiled.at_once import at_once


class Work:
    """`done` in the order of their ends; `ended` names those who were ended."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.ended: list[str] = []

    async def do(self, name: str, turns: int) -> None:
        try:
            for _ in range(turns):
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.ended.append(name)
            raise
        self.done.append(name)

    async def fail(self) -> None:
        await asyncio.sleep(0)
        raise ValueError("broken")


async def test_all_run_at_once_and_it_ends_with_the_last() -> None:
    work = Work()

    await at_once([work.do("slow", 5), work.do("slower", 6), work.do("quick", 1)])

    assert work.done == ["quick", "slow", "slower"]


@pytest.mark.parametrize("is_first", [True, False])
async def test_an_error_of_one_ends_the_others(is_first: bool) -> None:
    work = Work()
    others = [work.do("a", 1_000)]
    broken = [work.fail()]

    with pytest.raises(ValueError, match="broken"):
        await at_once(broken + others if is_first else [work.do("b", 3), *broken, *others])

    assert (work.ended, [one for one in work.done if one == "a"]) == (["a"], [])


async def test_whoever_is_cancelled_ends_all_of_it() -> None:
    work = Work()
    waiting = asyncio.create_task(at_once([work.do("a", 1_000), work.do("b", 1_000)]))
    await asyncio.sleep(0.001)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert sorted(work.ended) == ["a", "b"]
