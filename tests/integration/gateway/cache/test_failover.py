"""A primary dies or hangs: its names are missed, nothing fails, and soon they are kept again."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from gateway.cache.far import RedisFar, Standing
from services.kit.once import flight
from services.kit.redis import Cluster, redis_of
from tests import valkey
from tests.faults.test_c4_redis_away import SLOWEST_S, Calls, request, timed
from tests.integration.gateway.cache.servers import process
from tests.integration.monolith.waiting import until

BACK_WITHIN_S = 15.0
NAMES = [f"entry {nth}" for nth in range(60)]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[valkey.Cluster]:
    with valkey.cluster(tmp_path) as made:
        yield made


@contextmanager
def killed(server: valkey.Server) -> Iterator[None]:
    server.kill()
    yield


@pytest.mark.parametrize("how", ["killed", "hung"])
async def test_a_primarys_loss_costs_misses_of_its_own_names(
    cluster: valkey.Cluster, how: str
) -> None:
    async with process(cluster.url) as far:
        await asyncio.gather(*(far.set(name, b"kept", 60.0) for name in NAMES))
        lost = cluster.primaries[0]
        calls = Calls()
        beating = flight(calls.pulse.beat(), "pulse")

        with killed(lost) if how == "killed" else lost.hung():
            began_s = time.monotonic()
            while not await works(far, calls):
                assert time.monotonic() - began_s < BACK_WITHIN_S
                await asyncio.sleep(0.02)
        beating.cancel()

    assert calls.errors == 0
    assert calls.slowest_s < SLOWEST_S


async def test_a_cluster_that_was_away_as_a_whole_is_used_again(cluster: valkey.Cluster) -> None:
    async with process(cluster.url) as far:
        calls = Calls()
        for node in cluster.nodes:
            node.kill()
        for _ in range(50):
            assert not await works(far, calls)
        for node in cluster.nodes:
            node.start()

        began_s = time.monotonic()
        while not await works(far, calls):
            assert time.monotonic() - began_s < BACK_WITHIN_S
            await asyncio.sleep(0.02)

    assert calls.errors == 0


async def test_a_stream_is_read_whoever_of_the_cluster_dies(cluster: valkey.Cluster) -> None:
    async with aclosing(redis_of(cluster.url, socket_connect_timeout=1.0)) as redis:
        assert isinstance(redis, Cluster)
        await redis.xadd("log", {"tags": "a"})
        first_met = redis.get_default_node()
        next(node for node in cluster.nodes if node.port == first_met.port).kill()

        async def is_read() -> bool:
            try:
                return bool(await redis.xread({"log": "0-0"}, block=50))
            except (RedisError, OSError):
                return False

        await until(is_read, BACK_WITHIN_S)


async def works(far: RedisFar, calls: Calls) -> bool:
    """Whether every name can be claimed, put and read; what was put at the dead is forgotten."""
    nth = len(calls.took_s)
    await asyncio.gather(*(request(far, name, calls) for name in NAMES))
    done = await asyncio.gather(*(is_put(far, f"{name} {nth}", calls) for name in NAMES))
    return all(done)


async def is_put(far: RedisFar, name: str, calls: Calls) -> bool:
    claim = await far.claim(name, 1.0)
    if claim.standing is not Standing.OURS:
        return False
    await timed(lambda: far.put(name, claim.token, b"new", 60.0), calls)
    return await far.get(name) == b"new"
