"""Redis or Valkey by its address: one server, or a cluster."""

import asyncio
from typing import Any, TypeAlias, cast

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import parse_url
from redis.cluster import LoadBalancingStrategy
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisClusterException

from services.kit.once import flight
from services.kit.sending import mend

mend()

CLUSTER = "+cluster://"
PORT = 6379


class Cluster(RedisCluster):
    """The library's; one task finds its nodes for all, and whatever it raises is a RedisError."""

    __slots__ = ("_finding",)

    async def initialize(self, *told: Any, **named: Any) -> "Cluster":
        """Whoever leaves while it is under way takes it from nobody. Raises RedisError."""
        if self._initialize:
            finding: asyncio.Task[None] | None = getattr(self, "_finding", None)
            if finding is None or finding.done():
                finding = self._finding = flight(self._find(*told, **named), "cluster nodes")
            await asyncio.shield(finding)
        return self

    async def _find(self, *told: Any, **named: Any) -> None:
        try:
            await super().initialize(*told, **named)
        except RedisClusterException as away:
            raise NotConnected(str(away)) from away

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        try:
            return await super().execute_command(*args, **options)
        except RedisClusterException as away:
            raise NotConnected(str(away)) from away

    async def _determine_slot(self, command: str, *args: Any) -> int:
        """The library asks the node it met first where XREAD's keys stand, dead or alive."""
        if command == "XREAD":
            return self.keyslot(args[args.index(b"STREAMS") + 1])
        return int(await super()._determine_slot(command, *args))

    async def find_again(self) -> None:
        """Which node holds what, without closing what is open to them. Raises RedisError."""
        if self._initialize:
            await self.initialize()
            return
        try:
            await self.nodes_manager.initialize()
        except RedisClusterException as away:
            raise NotConnected(str(away)) from away

    async def aclose(self) -> None:
        """Also where it did not come to know its nodes, or has lost them."""
        finding: asyncio.Task[None] | None = getattr(self, "_finding", None)
        if finding is not None and finding is not asyncio.current_task():
            await asyncio.wait([finding])
        await super().aclose()
        await self.nodes_manager.aclose()
        await self.nodes_manager.aclose("startup_nodes")


AnyRedis: TypeAlias = Redis | Cluster


def redis_of(url: str, *, from_replicas: bool = False, **options: Any) -> AnyRedis:
    """`redis://…`, or `redis+cluster://[user:password@]host:port[,host:port]`; TLS is `rediss`.

    With `from_replicas` whatever only reads asks a replica, which may lag; `options` are the
    library's. A cluster's nodes are asked for again after a failure, so `retry` is for one server.
    """
    if CLUSTER not in url:
        return Redis.from_url(url, **options)
    options.pop("retry", None)
    strategy = LoadBalancingStrategy.RANDOM_REPLICA if from_replicas else None
    nodes, told = _nodes_of(url)
    return Cluster(startup_nodes=nodes, load_balancing_strategy=strategy, **told, **options)


async def pubsub_of(redis: AnyRedis) -> PubSub:
    """Of any node: news reach all of a cluster. Asked anew it may be another. Raises RedisError."""
    if isinstance(redis, Redis):
        return redis.pubsub()
    # The node that was listened to may be the one that died.
    await redis.find_again()
    return cast(PubSub, redis.pubsub(node=redis.get_random_node()))


def _nodes_of(url: str) -> tuple[list[ClusterNode], dict[str, Any]]:
    """Where its nodes are, and what stands in the address beside them."""
    scheme, _, rest = url.partition(CLUSTER)
    who, at, places = rest.rpartition("@")
    first, *others = places.split(",")
    told: dict[str, Any] = {**parse_url(f"{scheme}://{who}{at}{first}")}
    nodes = [ClusterNode(told.pop("host", "localhost"), told.pop("port", PORT))]
    nodes += [ClusterNode(host, int(port or PORT)) for host, _, port in map(_parted, others)]
    if told.pop("connection_class", None) is not None:
        told["ssl"] = True
    return nodes, told


def _parted(place: str) -> tuple[str, str, str]:
    return place.partition("/")[0].partition(":")
