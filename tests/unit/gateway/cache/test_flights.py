"""A flight lands its own keys and nobody else's, however it ends."""

import asyncio

from gateway.cache.fetched import Found
from gateway.cache.flights import Flights, Land
from gateway.cache.key import Key
from gateway.cache.owner import Public
from gateway.cache.verdict import Way
from services.contracts.errors import UpstreamUnreachable

KEY, OTHER = (Key(Public(), "thing", name) for name in ("one", "other"))
FOUND = Found("found", Way.MISS)


async def test_a_flight_that_has_landed_a_key_leaves_the_next_one_of_it_alone() -> None:
    flights, may_end = Flights(), asyncio.Event()

    async def lands_and_goes_on(land: Land) -> None:
        land(KEY, FOUND)
        await may_end.wait()

    async def lands_later(land: Land) -> None:
        await asyncio.sleep(0.01)
        land(KEY, FOUND)

    [first] = flights.depart([KEY], lands_and_goes_on)
    assert await first is FOUND
    [second] = flights.depart([KEY], lands_later)
    may_end.set()

    assert await second is FOUND


async def test_who_waits_for_a_flight_that_failed_is_told_so() -> None:
    async def fails(land: Land) -> None:
        land(KEY, FOUND)
        raise RuntimeError

    one, other = Flights().depart([KEY, OTHER], fails)

    assert await one is FOUND
    assert isinstance(await other, UpstreamUnreachable)


async def test_what_has_landed_is_under_way_no_longer() -> None:
    flights = Flights()

    async def lands(land: Land) -> None:
        land(KEY, FOUND)

    [landing] = flights.depart([KEY], lands)
    assert flights.get(KEY) is landing
    await landing

    assert flights.get(KEY) is None
