"""What processes know together is the same in memory, in one Redis, and in a cluster of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from flags.fleet import MOST_INCIDENTS, Away, Fleet, MemoryFleet
from flags.health import Counts
from flags.redis_fleet import STATES, RedisFleet
from flags.rollback import NEVER, Pace, Seen, held
from services.contracts.status import Incident
from services.kit.clock import SystemClock
from services.kit.redis import redis_of
from tests import valkey

READ, WRITE = "progress.read", "progress.write"
PATIENT_S = 20.0
SICK = held(NEVER, 1_800_000_000.25, "11 of 50 calls failed", Pace())
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    home = tmp_path_factory.mktemp("fleet")
    with valkey.server() as server, valkey.cluster(home) as cluster:
        yield {"redis": server.url, "cluster": cluster.url}


@pytest.mark.parametrize("kind", ["memory", "redis", "cluster"])
class TestFleet:
    @pytest.fixture
    async def fleet(self, kind: str, urls: dict[str, str]) -> AsyncIterator[Fleet]:
        if kind == "memory":
            yield MemoryFleet(SystemClock())
            return
        redis = redis_of(urls[kind])
        keys = ("health:{capabilities}", "rollback:{capabilities}", "incidents:{capabilities}")
        await redis.delete(*keys)
        yield RedisFleet(redis, PATIENT_S)
        await redis.aclose()

    async def test_what_all_told_is_told_to_all(self, fleet: Fleet) -> None:
        await fleet.exchange({READ: Counts(10, 1), WRITE: Counts(calls=1)}, {})

        shared = await fleet.exchange({READ: Counts(5, 2, 1, 4, 3, 2, 1)}, {})

        total = Counts(15, 3, 1, 4, 3, 2, 1)
        assert shared.seen(READ) == Seen(total, total, total)
        assert shared.seen(WRITE).short == Counts(calls=1)
        assert shared.seen("course.read") == Seen()

    async def test_what_was_before_a_state_is_left_out(self, fleet: Fleet) -> None:
        told = await fleet.exchange({READ: Counts(10, 10), WRITE: Counts(10, 10)}, {})

        shared = await fleet.exchange({}, {READ: told.now_s + 1.0})

        assert shared.seen(READ) == Seen(total=Counts(10, 10))
        assert shared.seen(WRITE).long.failed == 10

    async def test_its_clock_goes_on_and_is_near_ours(self, fleet: Fleet) -> None:
        first = await fleet.exchange({}, {})
        await asyncio.sleep(0.01)
        second = await fleet.exchange({}, {})

        assert first.now_s < second.now_s
        assert abs(second.now_s - SystemClock().now().timestamp()) < PATIENT_S

    async def test_of_two_who_change_one_state_one_does(self, fleet: Fleet) -> None:
        later = held(SICK, SICK.since_s + 1, "again", Pace())

        assert await fleet.change(READ, None, SICK)
        assert not await fleet.change(READ, None, later)
        assert (await fleet.exchange({}, {})).states == {READ: SICK}
        changed = [fleet.change(READ, SICK, later) for _ in range(5)]
        assert sum(await asyncio.gather(*changed)) == 1
        assert (await fleet.exchange({}, {})).states == {READ: later}

    async def test_incidents_are_told_the_last_first_and_are_not_kept_for_ever(
        self, fleet: Fleet
    ) -> None:
        many = [incident(nth) for nth in range(MOST_INCIDENTS + 5)]
        for one in many:
            await fleet.record(one)
        over = incident(MOST_INCIDENTS, ended=NOON)
        await fleet.record(over)

        told = await fleet.latest(MOST_INCIDENTS * 2)

        assert told == [*many[:MOST_INCIDENTS:-1], over, *many[MOST_INCIDENTS - 1 : 4 : -1]]
        assert await fleet.latest(2) == told[:2]


async def test_what_is_not_ours_is_as_if_there_was_nothing(urls: dict[str, str]) -> None:
    redis = redis_of(urls["redis"])
    fleet = RedisFleet(redis, PATIENT_S)
    for text in ("no JSON", "7", '{"turn": "x"}'):
        await redis.hset(STATES, READ, text)

        assert (await fleet.exchange({}, {})).states == {}
    await redis.delete(STATES)
    await redis.hset(STATES, READ, "no JSON")
    assert await fleet.change(READ, None, SICK)
    await redis.aclose()


async def test_who_cannot_be_asked_is_away() -> None:
    redis = redis_of("redis://127.0.0.1:1")
    with pytest.raises(Away):
        await RedisFleet(redis).exchange({}, {})
    await redis.aclose()


def incident(nth: int, ended: datetime | None = None) -> Incident:
    return Incident(f"{READ}@{nth:04}", READ, NOON + timedelta(minutes=nth), ended, "sick")
