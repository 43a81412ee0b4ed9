"""One upstream has so many places; who waits for one does so in order, and not for ever."""

import asyncio

import pytest

from gateway.upstream.bulkhead import Bulkhead
from services.contracts.errors import UpstreamCrowded
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline


def within(seconds: float) -> Deadline:
    return Deadline.within(SystemClock(), seconds)


async def test_places_are_handed_on_in_order() -> None:
    bulkhead, came = Bulkhead(1, 5), list[int]()

    async def one(number: int) -> None:
        await bulkhead.enter(within(5))
        came.append(number)
        await asyncio.sleep(0)
        bulkhead.leave()

    await asyncio.gather(*map(one, range(5)))

    assert came == [0, 1, 2, 3, 4]
    assert (bulkhead.inside, bulkhead.waiting) == (0, 0)


async def test_who_comes_when_too_many_wait_is_refused_at_once() -> None:
    bulkhead = Bulkhead(1, 1)
    await bulkhead.enter(within(5))
    waiting = asyncio.ensure_future(bulkhead.enter(within(5)))
    await asyncio.sleep(0)

    with pytest.raises(UpstreamCrowded):
        await bulkhead.enter(within(5))

    bulkhead.leave()
    await waiting
    assert bulkhead.inside == 1


async def test_who_waits_in_vain_waits_no_longer_than_their_deadline() -> None:
    bulkhead = Bulkhead(1, 1)
    await bulkhead.enter(within(5))

    with pytest.raises(UpstreamCrowded):
        await bulkhead.enter(within(0.01))

    assert (bulkhead.inside, bulkhead.waiting) == (1, 0)
    bulkhead.leave()
    assert bulkhead.enters()


async def test_a_place_given_to_one_who_leaves_is_not_lost() -> None:
    bulkhead = Bulkhead(1, 2)
    await bulkhead.enter(within(5))
    first, second = [asyncio.ensure_future(bulkhead.enter(within(5))) for _ in range(2)]
    await asyncio.sleep(0)

    bulkhead.leave()
    first.cancel()
    await asyncio.wait([first])
    await second

    bulkhead.leave()
    assert (bulkhead.inside, bulkhead.waiting) == (0, 0)
