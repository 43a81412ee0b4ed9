"""Whoever waits for news takes the first that is not old, and after a while what there is."""

from collections.abc import Awaitable, Callable

from services.kit.patience import newest

SOON_S, NEVER_S = 5.0, 0.0


def looks(*ages: int) -> tuple[Callable[[], Awaitable[int]], list[int]]:
    """Answers by age; the last one for ever."""
    seen: list[int] = []

    async def look() -> int:
        seen.append(ages[min(len(seen), len(ages) - 1)])
        return seen[-1]

    return look, seen


async def test_what_is_not_old_is_taken_at_once() -> None:
    look, seen = looks(0)

    assert await newest(look, bool, SOON_S) == 0
    assert seen == [0]


async def test_the_first_that_is_not_old_is_taken() -> None:
    look, seen = looks(3, 2, 0)

    assert await newest(look, bool, SOON_S) == 0
    assert seen == [3, 2, 0]


async def test_when_the_time_is_over_the_last_one_is_taken() -> None:
    look, seen = looks(3, 2, 1)

    assert await newest(look, bool, most_s=0.02) == 1
    assert seen == [3, 2, 1]


async def test_without_patience_there_is_one_look() -> None:
    look, seen = looks(3, 0)

    assert await newest(look, bool, NEVER_S) == 3
    assert seen == [3]
