"""Whatever a gateway and its services keep in Redis lies as well in a cluster of it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from flags.names import Side
from flags.pins import Pinned, RedisPins
from gateway.freshness.writes import RedisWrites
from gateway.identity.session import Sessions
from gateway.identity.signed_out import SignedOutEverywhere
from gateway.operation.ask import digest
from gateway.operation.persisted import Persisted
from gateway.realtime import hub as hub_module
from gateway.realtime.ear import Ear
from gateway.realtime.hub import Hub
from gateway.usage.client import Client
from gateway.usage.counting import Place
from gateway.usage.store import Batch, RedisStore
from services.contracts.completions import Way
from services.events.bell import Bell
from services.events.topics import Topics
from services.kit.clock import FakeClock, SystemClock
from services.kit.once import flight
from services.kit.redis import AnyRedis, redis_of
from tests import pair, valkey
from tests.fakes.tenant import NOW
from tests.integration.gateway.test_hub import hears
from tests.integration.gateway.test_session import ANNA
from tests.integration.gateway.test_writes import completed
from tests.integration.monolith.waiting import until
from tests.learner import token

CLOCK = FakeClock(NOW)
TOPIC = "progress:acme:1:4"
TRACE = "00-1-1-01"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[valkey.Cluster]:
    with valkey.cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture
async def redis(cluster: valkey.Cluster) -> AsyncIterator[AnyRedis]:
    async with aclosing(redis_of(cluster.url, socket_connect_timeout=1.0)) as made:
        yield made


async def test_sessions(redis: AnyRedis) -> None:
    sessions = Sessions(redis, CLOCK)
    secret = await sessions.begin(ANNA)
    found = await sessions.find(secret)
    assert found is not None

    await sessions.note(found, {"progress/acme/1": 7})
    await sessions.note(found, {"progress/acme/1": 6})

    assert await sessions.seen(found) == {"progress/acme/1": 7}
    await sessions.end(secret)
    assert await sessions.find(secret) is None


async def test_who_has_signed_out(redis: AnyRedis) -> None:
    here, there = (SignedOutEverywhere(redis, Hub(redis), CLOCK) for _ in range(2))

    await here.add(ANNA.names[0])
    await there.look()

    assert there.has(ANNA)


async def test_documents(redis: AnyRedis) -> None:
    hash_ = digest("{ viewer { name } }")

    async def is_kept() -> bool:
        """Its node may have no connection yet: who keeps it does not wait for one."""
        await Persisted(CLOCK, redis).keep(hash_, "{ viewer { name } }")
        return await Persisted(CLOCK, redis).find(hash_) == "{ viewer { name } }"

    await until(is_kept, 10.0)


async def test_pins(redis: AnyRedis) -> None:
    anna, berta = (Pinned("acme", "1", name) for name in ("anna", "berta"))
    await RedisPins(redis, CLOCK, 1.0).claim(anna, Side.SERVICE)
    await RedisPins(redis, CLOCK, 1.0).note(berta, Side.SERVICE)

    assert await RedisPins(redis, CLOCK, 1.0).claim(anna, Side.LEGACY) is Side.SERVICE
    assert await RedisPins(redis, CLOCK, 1.0).noted([berta]) == [Side.SERVICE]


async def test_writes(redis: AnyRedis) -> None:
    way, writes = Way("acme", 1, "writer"), RedisWrites(redis, CLOCK)
    await writes.note(way, completed(way, 1, 7))

    assert [write.version for write in await writes.of(way)] == [7]


async def test_usage(redis: AnyRedis) -> None:
    store, place = RedisStore(redis), Place(NOW.date(), Client("web", "1"))
    for _ in range(2):
        await store.add(place, {"Course.title": 2}, Batch("a", 1))

    assert await store.of([NOW.date()]) == {place: {"Course.title": 2}}


async def test_news_come_from_any_node_to_any_other(
    cluster: valkey.Cluster, redis: AnyRedis
) -> None:
    topics, hub = Topics(cluster.url, SystemClock()), Hub(redis)
    hearing = flight(hub.run(), "hub")

    async with hub.listen(TOPIC) as ear:
        await until(lambda: is_open(hub, ear))
        await said(topics)
        await hears(ear, of=TRACE)

    hearing.cancel()
    await asyncio.wait([hearing])
    await topics.close()


@pytest.mark.parametrize("how", ["dies", "hangs"])
async def test_whoever_listens_moves_on_when_the_node(
    cluster: valkey.Cluster, redis: AnyRedis, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "WAIT_S", 0.5)
    hub = Hub(redis)
    hearing = flight(hub.run(), "hub")

    async with hub.listen(TOPIC) as ear:
        await until(lambda: is_open(hub, ear))
        [listened_to] = [node for node in cluster.nodes if hears_of(node, TOPIC)]
        end(listened_to, how)
        living = [node for node in cluster.nodes if node is not listened_to]
        await until(lambda: any_hears_of(living, TOPIC), 30)
        living[0].ask("PUBLISH", TOPIC, '{"traceparent": "t2"}')
        await hears(ear, of="t2")

    listened_to.kill()
    listened_to.start()
    hearing.cancel()
    await asyncio.wait([hearing])


async def is_open(hub: Hub, ear: Ear) -> bool:
    await ear.opened()
    return TOPIC in hub.open


def end(node: valkey.Server, how: str) -> None:
    if how == "dies":
        node.kill()
    else:
        node.process.send_signal(signal.SIGSTOP)


def hears_of(node: valkey.Server, topic: str) -> bool:
    """By its own count; replicas of the topic's news are no listeners."""
    return bool(node.ask("PUBSUB", "NUMSUB", topic)[1])


async def any_hears_of(nodes: Sequence[valkey.Server], topic: str) -> bool:
    return any(hears_of(node, topic) for node in nodes)


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as made:
        yield made


@pytest.fixture
def gateways(
    cluster: valkey.Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    monkeypatch.setenv("REDIS_URL", cluster.url)
    nowhere = "http://127.0.0.1:9"
    with pair.gateway(tmp_path, nowhere) as one, pair.gateway(tmp_path, nowhere) as other:
        yield [one.url, other.url]


async def test_gateways_share_sessions_and_who_signed_out(
    gateways: list[str], browser: httpx.AsyncClient, tmp_path: Path
) -> None:
    one, other = gateways
    bearer = {"authorization": f"Bearer {token(tmp_path, 'acme', 4)}"}
    began = await browser.post(f"{one}/session", headers=bearer)
    cookie = {"cookie": began.headers["set-cookie"].partition(";")[0]}
    browser.cookies.clear()
    assert await who(browser, other, cookie) is not None

    assert (await browser.delete(f"{other}/sessions", headers=cookie)).status_code == 204

    await until(lambda: is_out(browser, one, bearer), 5)


async def who(browser: httpx.AsyncClient, gateway: str, headers: dict[str, str]) -> str | None:
    asked = {"query": "{ viewer { id } }"}
    told = await browser.post(f"{gateway}/graphql", json=asked, headers=headers)
    viewer: dict[str, str] = (told.json().get("data") or {}).get("viewer") or {}
    return viewer.get("id")


async def is_out(browser: httpx.AsyncClient, gateway: str, headers: dict[str, str]) -> bool:
    return await who(browser, gateway, headers) is None


async def test_the_bell_rings(cluster: valkey.Cluster) -> None:
    async with Bell(cluster.url, SystemClock()) as one, Bell(cluster.url, SystemClock()) as other:

        async def is_heard() -> bool:
            rings = other.rings("outbox:a")
            await one.ring("outbox:a")
            return await other.wait("outbox:a", 0.1, since=rings)

        await until(is_heard)


async def said(topics: Topics) -> None:
    """The first may find that nobody knows the nodes yet, which takes longer than it waits."""
    for _ in range(2):
        await topics.publish({TOPIC: TRACE, f"{TOPIC}:of-another-slot": TRACE})
        await asyncio.sleep(0.1)
        topics._silent_until_s = 0.0
