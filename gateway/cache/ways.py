"""Which server holds a key, and the lane to it."""

import asyncio
from functools import partial
from typing import Protocol

from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode
from redis.exceptions import RedisError

from gateway.cache.breaker import Breaker
from gateway.cache.lane import Lane
from gateway.cache.sending import to_node, to_server
from services.kit.clock import Clock
from services.kit.log import Log
from services.kit.once import flight
from services.kit.redis import AnyRedis, Cluster

log = Log("cache")


class Ways(Protocol):
    def to(self, key: str, *, newest: bool) -> Lane | None:
        """None where nobody is known to hold it; what is not asked for the newest may lag."""

    async def close(self) -> None: ...


def ways_of(redis: AnyRedis, clock: Clock) -> Ways:
    return OneServer(redis, clock) if isinstance(redis, Redis) else Nodes(redis, clock)


class OneServer:
    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._lane = Lane(partial(to_server, redis), Breaker(clock), lambda: None)

    def to(self, key: str, *, newest: bool) -> Lane | None:
        return self._lane

    async def close(self) -> None:
        await self._lane.close()
        await self._redis.aclose()


class Nodes:
    """Of a cluster. Each has a breaker of its own: one that died leaves the others their keys."""

    def __init__(self, redis: Cluster, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._lanes: dict[str, Lane] = {}
        self._turn = 0
        self._finding: asyncio.Task[None] | None = None
        self._may_find = Breaker(clock, failures=1)

    def to(self, key: str, *, newest: bool) -> Lane | None:
        holders = self._redis.nodes_manager.slots_cache.get(self._redis.keyslot(key))
        if not holders:
            # Nobody waits for it: until it is known, nothing is kept.
            self._find()
            return None
        primary, *replicas = (self._lane(node) for node in holders)
        able = [] if newest else [lane for lane in replicas if not lane.rests]
        self._turn += 1
        return able[self._turn % len(able)] if able else primary

    async def close(self) -> None:
        for lane in self._lanes.values():
            await lane.close()
        if self._finding is not None:
            self._finding.cancel()
            await asyncio.wait([self._finding])
        await self._redis.aclose()

    def _lane(self, node: ClusterNode) -> Lane:
        lane = self._lanes.get(node.name)
        if lane is None:
            send = partial(to_node, self._redis, node.name)
            lane = self._lanes[node.name] = Lane(send, Breaker(self._clock), self._find)
        return lane

    def _find(self) -> None:
        """Who holds what now: after a failure another may have taken over."""
        is_finding = self._finding is not None and not self._finding.done()
        if not is_finding and self._may_find.lets_through():
            self._finding = flight(self._found(), "cache nodes")

    async def _found(self) -> None:
        try:
            await self._redis.find_again()
        except (RedisError, OSError, TimeoutError) as away:
            self._may_find.failed()
            log.warning("cache.nodes_unknown", why=type(away).__name__)
        else:
            self._may_find.worked()
