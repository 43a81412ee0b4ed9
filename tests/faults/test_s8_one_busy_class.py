"""S8: thousands follow one thing in which much happens: a reading a process, encoded once."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from gateway.realtime.event import Event
from gateway.realtime.hub import Hub
from gateway.realtime.sharing import Sharing
from resolvers.ports import Sources
from resolvers.topics import Hearing, News
from services.contracts.status import PlatformStatus
from services.kit.once import flight
from services.kit.redis import redis_of
from tests import valkey
from tests.fakes.listening import Hall, Listener
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.status import STATUS, FakeStatus
from tests.faults.followers import learner, until
from tests.faults.registry import n
from tests.figures import Recorder

PROCESSES = 2
RATE = 50
EVENTS = 100
TOPIC = "class:busy"
UPDATES = "subscription { platformStatusUpdated { lastDrill { summary } } }"


class Busy(FakeStatus):
    """One thing that every process reads; it counts how often."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    async def now(self) -> PlatformStatus:
        self.reads += 1
        return self.status

    def happen(self, nth: int) -> None:
        assert STATUS.last_drill is not None
        drill = changed(STATUS.last_drill, summary=f"drill {nth}")
        self.status = changed(STATUS, last_drill=drill)


class Heard(FakeStatus):
    """As one process hears of it, over Redis."""

    def __init__(self, busy: Busy, hub: Hub) -> None:
        super().__init__()
        self._busy = busy
        self._hub = hub

    async def now(self) -> PlatformStatus:
        return await self._busy.now()

    def hear(self, news: News) -> Hearing:
        return self._hub.hear(TOPIC, news)


class Follower(Listener):
    """Keeps the last, and when it was told it."""

    __slots__ = ("last", "told_s")

    def take(self, events: Sequence[Event]) -> None:
        self.last, self.told_s = events[-1].payload, time.monotonic()


class Process:
    def __init__(self, hub: Hub, busy: Busy) -> None:
        self.hub = hub
        self.status = Heard(busy, hub)
        self.hall = Hall(self.sources, in_time=True)
        self.members: list[Follower] = []

    def sources(self) -> Sources:
        return replace(sources_of(FakePlatform()), status=self.status)

    async def follow(self, many: int) -> None:
        for nth in range(many):
            self.members.append(Follower(learner(nth)))
            await self.hall.enter(self.members[-1], UPDATES)

    def all_told(self, summary: str) -> bool:
        return all(summary.encode() in getattr(one, "last", b"") for one in self.members)


@asynccontextmanager
async def process(url: str, busy: Busy) -> AsyncIterator[Process]:
    redis = redis_of(url)
    made = Process(Hub(redis), busy)
    hearing = flight(made.hub.run(), "hub")
    yield made
    hearing.cancel()
    await asyncio.wait([hearing])
    await made.hall.groups.close()
    await redis.aclose()


async def happened(each: int, events: int) -> dict[str, float]:
    """`events` at RATE a second, followed by so many in each process."""
    busy = Busy()
    with valkey.server() as server:
        async with AsyncExitStack() as held:
            processes = [
                await held.enter_async_context(process(server.url, busy)) for _ in range(PROCESSES)
            ]
            await until(lambda: all(one.hub.is_connected for one in processes))
            for one in processes:
                await one.follow(each)
            await until(lambda: all(hasattr(f, "last") for one in processes for f in one.members))
            await until(lambda: all(TOPIC in one.hub.open for one in processes))
            await asyncio.sleep(0.5)
            listened, busy.reads = server.ask("PUBSUB", "NUMSUB", TOPIC)[1], 0
            async with redis_of(server.url) as redis:
                for nth in range(events):
                    busy.happen(nth)
                    said_s = time.monotonic()
                    await redis.publish(TOPIC, "{}")
                    await asyncio.sleep(1 / RATE)
            newest = f"drill {events - 1}"
            await until(lambda: all(one.all_told(newest) for one in processes))
            late = sorted(f.told_s - said_s for one in processes for f in one.members)
            return {
                "redis_subscriptions": listened,
                "readings": busy.reads,
                "executed": sum(one.hall.executed for one in processes),
                "last_p99_ms": round(1_000 * late[int(len(late) * 0.99)]),
            }


async def test_s8_an_event_is_read_once_a_process(figure: Recorder) -> None:
    found = await happened(n("S8") // PROCESSES, EVENTS)

    figure("S8", followers=n("S8"), processes=PROCESSES, events=EVENTS, **found)
    assert found["redis_subscriptions"] == PROCESSES
    assert found["readings"] <= EVENTS * PROCESSES


async def test_s8_fails_without_groups(figure: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is told for themselves."""
    monkeypatch.setattr(Sharing, "is_told_alike", lambda *given: False)

    found = await happened(n("S8") // 10, 3)

    figure("S8", readings_of_3_events_without_groups=found["readings"])
    assert found["readings"] > 3 * PROCESSES
