"""What processes counted adds up in a store, once, and is forgotten in the end."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
from redis.asyncio import Redis

from gateway.usage.client import Client
from gateway.usage.counting import Counting, Place
from gateway.usage.store import LASTS, Away, Batch, RedisStore, Store
from gateway.usage.usage import Usage
from services.kit.clock import FakeClock
from services.storage.valkey import Valkey
from tests import pair
from tests.fakes.tenant import NOW
from tests.fakes.usage import FakeStore
from tests.integration.gateway.test_hub import answers, valkey
from tests.integration.monolith.waiting import until
from tests.stack import Stack

NUMBERS = count(1)
TODAY = NOW.date()
TITLE = frozenset({"Course.title"})


@pytest.fixture
async def redis(stack: Stack) -> AsyncIterator[Redis]:
    async with Redis.from_url(stack.redis) as client:
        yield client


@pytest.fixture
def place() -> Place:
    """Nobody else's."""
    return Place(TODAY, Client(f"store-{next(NUMBERS)}", "1 (2)"))


@pytest.mark.parametrize("kind", ["fake", "redis"])
class TestStore:
    @pytest.fixture
    def store(self, kind: str, redis: Redis) -> Store:
        return FakeStore() if kind == "fake" else RedisStore(redis)

    async def kept(self, store: Store, place: Place) -> dict[str, int]:
        return (await store.of([place.day])).get(place, {})

    async def test_batches_of_many_add_up(self, store: Store, place: Place) -> None:
        for sender in ("a", "b"):
            for number in (1, 2):
                await store.add(place, {"Course.title": 2, "@defer": 1}, Batch(sender, number))

        assert await self.kept(store, place) == {"Course.title": 8, "@defer": 4}

    async def test_a_batch_that_comes_again_is_added_once(self, store: Store, place: Place) -> None:
        for _ in range(3):
            await store.add(place, {"Course.title": 2}, Batch("a", 1))

        assert await self.kept(store, place) == {"Course.title": 2}

    async def test_nothing_is_known_of_another_day(self, store: Store, place: Place) -> None:
        await store.add(place, {"Course.title": 2}, Batch("a", 1))

        assert await store.of([]) == {}
        assert place not in await store.of([place.day.replace(year=2001)])


async def test_numbers_are_forgotten_after_90_days(redis: Redis, place: Place) -> None:
    await RedisStore(redis).add(place, {"Course.title": 2}, Batch("a", 1))

    lasts = [await redis.ttl(key) for key in await redis.keys(f"usage:{TODAY}*")]
    assert lasts
    assert all(0 < lasts_s <= LASTS.total_seconds() for lasts_s in lasts)


async def test_a_store_that_is_not_there_is_said() -> None:
    store = RedisStore(Redis.from_url("redis://127.0.0.1:9"))

    with pytest.raises(Away):
        await store.add(Place(TODAY, Client("web")), {"Course.title": 1}, Batch("a", 1))
    with pytest.raises(Away):
        await store.of([TODAY])


async def test_what_two_processes_count_while_valkey_restarts_is_told_once_it_is_back(
    tmp_path: Path,
) -> None:
    (tmp_path / "keys").mkdir()
    port, clock, web = pair.free_port(), FakeClock(NOW), Client("web")
    url = Valkey(tmp_path, port).url
    with valkey(tmp_path, port):
        await until(lambda: answers(url))
        redis = Redis.from_url(url)
        countings = [Counting(clock), Counting(clock)]
        usages = [Usage(RedisStore(redis), clock, one) for one in countings]
        for counting, usage in zip(countings, usages, strict=True):
            counting.add(web, frozenset({"Course.before"}))
            await usage.tell()
    for _ in range(3):
        for counting, usage in zip(countings, usages, strict=True):
            counting.add(web, TITLE)
            await usage.tell()
    with valkey(tmp_path, port):
        await until(lambda: answers(url))
        for usage in usages:
            await usage.tell()
        kept = await RedisStore(redis).of([TODAY])
        await redis.aclose()

    assert kept == {Place(TODAY, web): {"Course.title": 6}}
