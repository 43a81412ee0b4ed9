"""Entries of all processes and leases on them, over memory, one Valkey and a cluster."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from itertools import count

import pytest

from gateway.cache.envelope import MOST_BYTES
from gateway.cache.far import HELD, Far, RedisFar, Standing
from services.kit.clock import SystemClock
from tests import valkey
from tests.fakes.far import FakeFar
from tests.integration.gateway.cache.servers import process

NUMBERS = count(1)
LEASE_S = 5.0


@pytest.fixture(scope="module")
def server() -> Iterator[valkey.Server]:
    with valkey.server() as made:
        yield made


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[valkey.Cluster]:
    with valkey.cluster(tmp_path_factory.mktemp("far")) as made:
        yield made


@pytest.fixture(params=["memory", "one server", "a cluster"])
async def both(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Far, Far]]:
    """Two processes' side of the same."""
    if request.param == "memory":
        fake = FakeFar(SystemClock())
        yield fake, fake
        return
    at = request.getfixturevalue("server" if request.param == "one server" else "cluster")
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(process(at.url)),
            await stack.enter_async_context(process(at.url)),
        )


@pytest.fixture
def here(both: tuple[Far, Far]) -> Far:
    return both[0]


@pytest.fixture
def there(both: tuple[Far, Far]) -> Far:
    return both[1]


@pytest.fixture(params=["plain", "50% of }{a} b"])
def name(request: pytest.FixtureRequest) -> str:
    """Nobody else's."""
    return f"{request.param} {next(NUMBERS)}"


class TestFar:
    async def test_what_nobody_put_is_not_there(self, here: Far, name: str) -> None:
        assert await here.get(name) is None

    async def test_who_claimed_puts_and_all_get(self, here: Far, there: Far, name: str) -> None:
        claim = await here.claim(name, LEASE_S)
        assert claim.standing is Standing.OURS

        assert await here.put(name, claim.token, b"\0body", LEASE_S)

        assert await here.get(name) == b"\0body"
        await there.awaited(name, LEASE_S)
        assert await there.get(name) == b"\0body"

    async def test_of_many_who_claim_one_gets_the_lease(
        self, here: Far, there: Far, name: str
    ) -> None:
        claims = await asyncio.gather(*(far.claim(name, LEASE_S) for far in (here, there) * 50))

        assert claims.count(HELD) == 99

    async def test_a_put_ends_the_lease(self, here: Far, there: Far, name: str) -> None:
        await here.put(name, (await here.claim(name, LEASE_S)).token, b"body", LEASE_S)

        assert (await there.claim(name, LEASE_S)).standing is Standing.OURS

    async def test_without_the_lease_nothing_is_put(self, here: Far, there: Far, name: str) -> None:
        late = await here.claim(name, 0.01)
        await asyncio.sleep(0.03)
        newer = await there.claim(name, LEASE_S)

        assert not await here.put(name, late.token, b"late", LEASE_S)
        await here.release(name, late.token)

        assert await here.claim(name, LEASE_S) == HELD
        assert await there.put(name, newer.token, b"newer", LEASE_S)
        assert await there.get(name) == b"newer"

    async def test_a_lease_is_no_entry_and_ends_by_itself(self, here: Far, name: str) -> None:
        await here.claim(name, 0.01)

        assert await here.get(name) is None
        await asyncio.sleep(0.03)
        assert (await here.claim(name, LEASE_S)).standing is Standing.OURS

    async def test_an_entry_ends_by_itself(self, here: Far, name: str) -> None:
        await here.set(name, b"body", 0.2)
        assert await here.get(name) == b"body"

        await asyncio.sleep(0.25)

        assert await here.get(name) is None

    async def test_whoever_waits_is_told_of_a_put(self, here: Far, there: Far, name: str) -> None:
        claim = await here.claim(name, LEASE_S)
        waiting = asyncio.gather(*(there.awaited(name, LEASE_S) for _ in range(10)))
        await asyncio.sleep(0.1)
        assert not waiting.done()

        await here.put(name, claim.token, b"body", LEASE_S)

        await asyncio.wait_for(waiting, 1)
        assert await there.get(name) == b"body"

    async def test_whoever_waits_is_told_of_a_release(
        self, here: Far, there: Far, name: str
    ) -> None:
        claim = await here.claim(name, LEASE_S)
        waiting = asyncio.ensure_future(there.awaited(name, LEASE_S))
        await asyncio.sleep(0.1)

        await here.release(name, claim.token)

        await asyncio.wait_for(waiting, 1)
        assert await there.get(name) is None

    async def test_a_put_before_the_waiting_begins_is_not_missed(
        self, here: Far, there: Far, name: str
    ) -> None:
        claim = await here.claim(name, LEASE_S)
        assert await there.claim(name, LEASE_S) == HELD
        await here.put(name, claim.token, b"body", LEASE_S)

        began_s = time.monotonic()
        await there.awaited(name, LEASE_S)

        assert time.monotonic() - began_s < 1

    async def test_puts_at_any_moment_of_the_waiting_are_not_missed(
        self, here: Far, there: Far, name: str
    ) -> None:
        began_s = time.monotonic()
        for nth in range(30):
            claim = await here.claim(f"{name} {nth}", LEASE_S)
            waiting = asyncio.ensure_future(there.awaited(f"{name} {nth}", LEASE_S))
            for _ in range(nth):
                await asyncio.sleep(0)
            await here.put(f"{name} {nth}", claim.token, b"body", LEASE_S)
            await waiting

        assert time.monotonic() - began_s < LEASE_S

    async def test_nobody_waits_longer_than_they_said(self, here: Far, name: str) -> None:
        await here.claim(name, LEASE_S)

        began_s = time.monotonic()
        await here.awaited(name, 0.1)

        assert 0.09 < time.monotonic() - began_s < 1

    async def test_too_large_a_body_is_not_kept(self, here: Far, there: Far, name: str) -> None:
        claim = await here.claim(name, LEASE_S)

        assert not await here.put(name, claim.token, b"x" * (MOST_BYTES + 1), LEASE_S)

        assert await here.get(name) is None
        assert (await there.claim(name, LEASE_S)).standing is Standing.OURS


async def test_what_is_asked_in_one_tick_is_one_command(server: valkey.Server) -> None:
    async with process(server.url) as far:
        await far.set("one", b"1", LEASE_S)
        await asyncio.gather(*(far.get("one") for _ in range(2)))
        before = server.calls("evalsha"), server.calls("getrange")

        bodies = await asyncio.gather(
            *(far.get(f"none {nth}") for nth in range(99)), far.get("one")
        )

        assert bodies == [None] * 99 + [b"1"]
        assert server.calls("evalsha") - before[0] == 1


async def test_of_what_somebody_else_laid_there_nothing_is_read(server: valkey.Server) -> None:
    async with process(server.url) as far:
        server.ask("SET", "cache:{huge}", "x" * 50_000_000)
        server.ask("LPUSH", "cache:{list}", "x")
        await far.set("one", b"1", LEASE_S)

        told = [b"", b"", b"1", None]
        assert [await far.get(name) for name in ("huge", "list", "one", "none")] == told
        assert await got(far, ["huge", "list", "one", "none"]) == told


async def test_scripts_are_sent_again_to_a_server_that_forgot_them(server: valkey.Server) -> None:
    async with process(server.url) as far:
        server.ask("SCRIPT", "FLUSH")
        claim = await far.claim("forgotten", LEASE_S)

        assert await far.put("forgotten", claim.token, b"body", LEASE_S)
        server.ask("SCRIPT", "FLUSH")
        assert await got(far, ["forgotten", "none"]) == [b"body", None]


async def test_a_cluster_reads_entries_from_replicas_but_what_was_just_written(
    cluster: valkey.Cluster,
) -> None:
    async with process(cluster.url) as writer, process(cluster.url) as reader:
        names = [f"replicated {nth}" for nth in range(50)]
        await asyncio.gather(*(writer.set(name, b"body", LEASE_S) for name in names))
        await asyncio.sleep(0.2)
        before = read_by_primaries(cluster)

        assert await got(reader, names) == [b"body"] * 50
        assert read_by_primaries(cluster) == before

        assert await got(writer, names) == [b"body"] * 50
        assert read_by_primaries(cluster) == before + 50


async def got(far: RedisFar, names: list[str]) -> list[bytes | None]:
    return await asyncio.gather(*(far.get(name) for name in names))


def read_by_primaries(cluster: valkey.Cluster) -> int:
    return sum(node.calls("getrange") for node in cluster.primaries)


async def test_names_are_spread_over_a_cluster(cluster: valkey.Cluster) -> None:
    async with process(cluster.url) as far:
        before = [int(node.ask("DBSIZE")) for node in cluster.primaries]
        await asyncio.gather(*(far.set(f"acme {nth}", b"", LEASE_S) for nth in range(300)))
        now = [int(node.ask("DBSIZE")) for node in cluster.primaries]

        assert all(after - were > 50 for were, after in zip(before, now, strict=True))
