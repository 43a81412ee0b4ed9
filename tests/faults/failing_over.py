"""Two gateway processes over one Redis, which a failover takes back to an earlier state."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from redis.asyncio import Redis

from gateway.cache.ages import Terms
from gateway.cache.fetched import Found
from gateway.cache.following import Following
from gateway.cache.owner import Tenant
from gateway.cache.reading import CHANGES
from gateway.cache.setup import following_of
from gateway.cache.shelf import Shelf
from gateway.cached.reader import About, Reader
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.once import flight
from tests.fakes.cached import Process
from tests.integration.gateway.cache.servers import process
from tests.integration.monolith.waiting import until

SHELF = Shelf[int]("thing", int, Terms(fresh_s=3_600, stale_s=60, error_s=600))
BUDGET_S = 5.0
CLOCK = SystemClock()


class Source:
    """Its numbers only grow."""

    def __init__(self) -> None:
        self.of: Counter[str] = Counter()
        self.fetches: Counter[str] = Counter()
        self.answers = asyncio.Event()
        self.answers.set()

    async def many(self, _: Caller, names: Sequence[Any]) -> list[int]:
        self.fetches.update(names)
        await self.answers.wait()
        return [self.of[name] for name in names]


def about(name: str, _: int) -> About:
    return About([tag(name)])


def tag(name: str) -> str:
    return f"thing:{name}"


@dataclass
class Gateway:
    process: Process
    following: Following
    source: Source
    reader: Reader = field(init=False)
    running: asyncio.Task[None] = field(init=False)

    def __post_init__(self) -> None:
        self.reader = Reader(self.process.cache, "service", BUDGET_S, CLOCK)

    def hears(self) -> None:
        self.running = flight(self.following.run(), "following")

    async def hears_nothing(self) -> None:
        """As one whose connection is slow."""
        self.running.cancel()
        await asyncio.wait([self.running])

    async def read(self, caller: Caller, names: Sequence[str]) -> tuple[list[int], Caller]:
        """What the viewer is told, and the viewer who has seen that."""
        owner = Tenant(caller.viewer.tenant)
        outcomes = await self.reader.read(caller, owner, SHELF, names, self.source.many, about)
        found = [one for one in outcomes if isinstance(one, Found)]
        made = [one.entry.as_of for one in found if one.entry]
        seen = max([*made, caller.seen.get(CHANGES, 0)])
        return [one.value for one in found], replace(caller, seen={CHANGES: seen})


@asynccontextmanager
async def gateway(url: str, source: Source) -> AsyncIterator[Gateway]:
    async with process(url) as far:
        own = Process(far, CLOCK, position=0)
        following = following_of(url, own.heard)
        made = Gateway(own, following, source)
        made.hears()
        try:
            yield made
        finally:
            await made.hears_nothing()
            await own.flights.close()
            await following.close()


@dataclass(frozen=True)
class Snapshot:
    """All that a replica has of it, when it takes over."""

    redis: Redis
    dumped: dict[bytes, bytes]

    @classmethod
    async def of(cls, redis: Redis) -> "Snapshot":
        keys = [key async for key in redis.scan_iter(count=1_000)]
        dumps = [await redis.dump(key) for key in keys]
        return cls(redis, {key: one for key, one in zip(keys, dumps, strict=True) if one})

    async def takes_over(self, *, cuts: bool) -> None:
        """In one step; with `cuts` all others' connections end."""
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.flushall()
            for key, dump in self.dumped.items():
                pipe.restore(key, 3_600_000 if b"cache" in key else 0, dump)
            if cuts:
                pipe.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            await pipe.execute()


async def all_hear(gateways: Sequence[Gateway], position: int) -> None:
    async def do_all() -> bool:
        return all([await one.process.heard.reaches(position, 0.01) for one in gateways])

    await until(do_all)
