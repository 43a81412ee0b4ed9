"""A write stays for an hour on the side of the one before it, whatever the flag says by then."""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from flags.names import ASSESSMENT_ATTEMPTS, Side
from flags.pins import LASTS, MOST_REMEMBERED, MemoryPins, Pinned, Pins, RedisPins
from services.kit.clock import FakeClock
from tests.stack import Stack

PATIENT_S = 20.0
"""So long a busy machine may take: what is tested is not how fast Redis is."""

HOUR_S = LASTS.total_seconds()
NUMBERS = itertools.count(1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture
async def redis(stack: Stack) -> AsyncIterator[Redis]:
    async with Redis.from_url(stack.redis) as client:
        yield client


@pytest.fixture
def anna() -> Pinned:
    """Somebody whom no other test knows."""
    return Pinned("northfield", "1", f"anna-{next(NUMBERS)}")


@pytest.fixture
async def dead() -> AsyncIterator[Redis]:
    """Nobody listens there."""
    async with Redis.from_url("redis://127.0.0.1:1") as client:
        yield client


@pytest.mark.parametrize("kind", ["memory", "redis", "dead"])
class TestPins:
    @pytest.fixture
    def pins(self, kind: str, redis: Redis, dead: Redis, clock: FakeClock) -> Pins:
        made: dict[str, Pins] = {
            "memory": MemoryPins(clock),
            "redis": RedisPins(redis, clock, PATIENT_S),
            "dead": RedisPins(dead, clock),
        }
        return made[kind]

    async def test_the_first_write_goes_where_the_flag_says(self, pins: Pins, anna: Pinned) -> None:
        assert await pins.claim(anna, Side.SERVICE) is Side.SERVICE

    async def test_the_next_write_stays_when_the_flag_flips(self, pins: Pins, anna: Pinned) -> None:
        await pins.claim(anna, Side.SERVICE)

        assert await pins.claim(anna, Side.LEGACY) is Side.SERVICE

    async def test_another_course_is_not_held(self, pins: Pins, anna: Pinned) -> None:
        await pins.claim(anna, Side.SERVICE)

        other = Pinned(anna.tenant, "2", anna.user)

        assert await pins.claim(other, Side.LEGACY) is Side.LEGACY

    async def test_the_same_id_in_another_tenant_is_not_held(
        self, pins: Pins, anna: Pinned
    ) -> None:
        await pins.claim(anna, Side.SERVICE)

        other = Pinned("southfield", anna.thing, anna.user)

        assert await pins.claim(other, Side.LEGACY) is Side.LEGACY

    async def test_another_capability_is_not_held(self, pins: Pins, anna: Pinned) -> None:
        await pins.claim(anna, Side.SERVICE)

        other = Pinned(anna.tenant, anna.thing, anna.user, ASSESSMENT_ATTEMPTS)

        assert await pins.claim(other, Side.LEGACY) is Side.LEGACY

    async def test_what_was_noted_is_known_and_nothing_else(self, pins: Pins, anna: Pinned) -> None:
        [before] = await pins.noted([anna])

        await pins.note(anna, Side.SERVICE)

        assert (before, *await pins.noted([anna])) == (None, Side.SERVICE)

    async def test_of_many_each_is_told_at_its_place(self, pins: Pins, anna: Pinned) -> None:
        ben, cleo = (replace(anna, user=user) for user in ("ben", "cleo"))
        await pins.note(anna, Side.SERVICE)
        await pins.note(cleo, Side.LEGACY)

        assert await pins.noted([ben, cleo, anna]) == [None, Side.LEGACY, Side.SERVICE]
        assert await pins.noted([]) == []

    async def test_two_first_writers_get_one_side(self, pins: Pins, anna: Pinned) -> None:
        wanted = [Side.SERVICE, Side.LEGACY] * 10

        given = await asyncio.gather(*(pins.claim(anna, side) for side in wanted))

        assert len(set(given)) == 1


class Looking:
    """The twin: it looks first and holds afterwards, in two steps."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._looked = asyncio.Barrier(2)

    async def claim(self, pinned: Pinned, wanted: Side) -> Side:
        held = await self._redis.get(pinned.key)
        await self._looked.wait()
        await self._redis.set(pinned.key, wanted, ex=LASTS)
        return next((side for side in Side if side.encode() == held), wanted)


async def test_in_two_steps_two_first_writers_get_two_sides(redis: Redis, anna: Pinned) -> None:
    pins = Looking(redis)

    given = await asyncio.gather(*(pins.claim(anna, side) for side in Side))

    assert set(given) == set(Side)


async def test_an_hour_after_the_last_write_the_flag_decides(
    clock: FakeClock, anna: Pinned
) -> None:
    pins = MemoryPins(clock)
    await pins.claim(anna, Side.SERVICE)
    clock.advance(HOUR_S - 1)
    within = await pins.claim(anna, Side.LEGACY)
    clock.advance(HOUR_S - 1)
    prolonged = await pins.claim(anna, Side.LEGACY)

    clock.advance(HOUR_S)

    assert (within, prolonged) == (Side.SERVICE, Side.SERVICE)
    assert await pins.claim(anna, Side.LEGACY) is Side.LEGACY


async def test_each_write_begins_the_hour_anew_in_redis(
    redis: Redis, clock: FakeClock, anna: Pinned
) -> None:
    pins = RedisPins(redis, clock, PATIENT_S)
    await pins.claim(anna, Side.SERVICE)
    await redis.expire(anna.key, 10)

    await pins.claim(anna, Side.SERVICE)

    assert HOUR_S - 5 < await redis.ttl(anna.key) <= HOUR_S


async def test_a_note_lasts_as_long_as_its_keeper_says(
    redis: Redis, clock: FakeClock, anna: Pinned
) -> None:
    month = timedelta(days=30)

    await RedisPins(redis, clock, PATIENT_S, lasts=month).note(anna, Side.SERVICE)

    assert await redis.ttl(anna.key) > month.total_seconds() - 5
    assert await RedisPins(redis, clock, PATIENT_S).noted([anna]) == [Side.SERVICE]


async def test_a_note_that_redis_lost_is_known_to_who_made_it(
    redis: Redis, clock: FakeClock, anna: Pinned
) -> None:
    pins = RedisPins(redis, clock, PATIENT_S)
    await pins.note(anna, Side.SERVICE)

    await redis.delete(anna.key)

    assert await pins.noted([anna]) == [Side.SERVICE]


async def test_processes_hold_one_anothers_pins(
    redis: Redis, clock: FakeClock, anna: Pinned
) -> None:
    await RedisPins(redis, clock, PATIENT_S).claim(anna, Side.SERVICE)

    assert await RedisPins(redis, clock, PATIENT_S).claim(anna, Side.LEGACY) is Side.SERVICE


async def test_a_pin_seen_before_redis_went_is_held_by_the_process(
    stack: Stack, clock: FakeClock, anna: Pinned
) -> None:
    async with Redis.from_url(stack.redis, single_connection_client=True) as client:
        pins = RedisPins(client, clock, PATIENT_S)
        await pins.claim(anna, Side.SERVICE)
        client.connection_pool.connection_kwargs["port"] = 1
        await client.connection_pool.disconnect()
        await client.aclose()

        assert await pins.claim(anna, Side.LEGACY) is Side.SERVICE


async def test_a_redis_that_says_nothing_is_not_waited_for(clock: FakeClock, anna: Pinned) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        client = Redis.from_url(f"redis://127.0.0.1:{port}")
        pins = RedisPins(client, clock, answer_s=0.05)
        async with client, asyncio.timeout(PATIENT_S):
            first = await pins.claim(anna, Side.SERVICE)
            second = await pins.claim(anna, Side.LEGACY)

    assert (first, second) == (Side.SERVICE, Side.SERVICE)


@pytest.mark.parametrize("claims", [True, False])
async def test_what_is_held_for_long_is_asked_for_once_in_a_while(
    redis: Redis, clock: FakeClock, anna: Pinned, claims: bool
) -> None:
    """Redis is told something else behind its back: whoever asks it hears that."""
    pins = RedisPins(redis, clock, PATIENT_S, known=timedelta(minutes=10))
    await pins.note(anna, Side.SERVICE)

    async def side() -> Side | None:
        if claims:
            return await pins.claim(anna, Side.LEGACY)
        [noted] = await pins.noted([anna])
        return noted

    first = await side()
    await redis.set(anna.key, Side.LEGACY)
    clock.advance(599)
    believed = await side()
    clock.advance(2)

    assert (first, believed, await side()) == (Side.SERVICE, Side.SERVICE, Side.LEGACY)


async def test_without_that_each_write_asks(redis: Redis, clock: FakeClock, anna: Pinned) -> None:
    pins = RedisPins(redis, clock, PATIENT_S)
    await pins.claim(anna, Side.SERVICE)
    await redis.set(anna.key, Side.LEGACY)

    assert await pins.claim(anna, Side.SERVICE) is Side.LEGACY
    assert await pins.noted([anna]) == [Side.LEGACY]


async def test_no_more_pins_are_remembered_than_fit(clock: FakeClock, anna: Pinned) -> None:
    pins = MemoryPins(clock)
    await pins.claim(anna, Side.SERVICE)

    for number in range(MOST_REMEMBERED):
        pins.hold(Pinned("northfield", "1", f"crowd-{number}"), Side.SERVICE)

    assert await pins.claim(anna, Side.LEGACY) is Side.LEGACY
