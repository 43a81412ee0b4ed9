"""U14: why an upstream could not be asked has a name each, and counts where it is its own fault."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.upstream import guard
from gateway.upstream.breaker import State
from gateway.upstream.outcome import Outcome
from services.kit import origin
from services.kit.deadline import Deadline
from services.kit.http import Call
from tests.faults.certificate import certificate
from tests.faults.receiving import Guarded, Receiving, guarded, receiving
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.serving import free_port
from tests.receiver import Way

TIMES = 15
"""More than open a breaker."""
KINDS = {
    "name": "UpstreamNotFound",
    "certificate": "UpstreamNotTrusted",
    "port": "UpstreamRefusing",
    "pool": "UpstreamCrowded",
}
ITS_OWN = {"certificate", "port"}


@dataclass(frozen=True, slots=True)
class Came:
    kinds: set[str]
    is_left_alone: bool


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiving]:
    with receiving(tmp_path_factory.mktemp("u14")) as made:
        yield made


@asynccontextmanager
async def over_tls(home: Path, days: int, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A server whose certificate we trust, and which holds for so many days from now."""
    path = certificate(home, days)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    origin._tls.cache_clear()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}/x"
    origin._tls.cache_clear()


async def came_of(url: str) -> Came:
    async with guarded(url) as one:
        for _ in range(TIMES):
            await one.ask("assessment", url)
        return came(one)


async def came_of_a_pool_that_is_empty(url: str) -> Came:
    """Somebody holds its only connection all the time."""
    async with guarded(url, connections=1) as one:
        long = Deadline.within(one.clock, 60.0)
        holding = asyncio.ensure_future(one.transport.send(Call("feeder", "GET", url), long))
        await asyncio.sleep(0.1)
        await asyncio.gather(*(one.ask("assessment", url) for _ in range(TIMES)))
        holding.cancel()
        await asyncio.wait([holding])
        return came(one)


def came(one: Guarded) -> Came:
    kinds = {kind for _, kind in one.counted}
    return Came(kinds, one.upstreams.standing["assessment"] is not State.CLOSED)


async def of_each(
    receiver: Receiving, home: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Came]:
    await receiver.be(Way.HANG)
    async with over_tls(home, -1, monkeypatch) as expired:
        return {
            "name": await came_of("http://nowhere.invalid/x"),
            "certificate": await came_of(expired),
            "port": await came_of(f"http://127.0.0.1:{free_port()}/x"),
            "pool": await came_of_a_pool_that_is_empty(f"{receiver.url}/x"),
        }


async def test_u14_each_has_its_name_and_only_its_own_faults_count(
    receiver: Receiving, tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with over_tls(tmp_path, 10, monkeypatch) as valid:
        sound = await came_of(valid)

    said = await of_each(receiver, tmp_path, monkeypatch)

    right = sum(KINDS[cause] in one.kinds for cause, one in said.items())
    counted = {cause for cause, one in said.items() if one.is_left_alone}
    figure("U14", kinds=n("U14"), named_rightly=right, counted_by_breakers=len(counted))
    assert sound == Came(set(), is_left_alone=False)
    assert right == n("U14") == len(KINDS), said
    assert counted == ITS_OWN, said
    for cause, one in said.items():
        assert one.kinds - {"UpstreamResting", "UpstreamThrottled"} == {KINDS[cause]}


async def test_u14_fails_without_whose_fault(
    receiver: Receiving, tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "of_error", lambda error, *, is_fair: Outcome.FAILED)

    said = await of_each(receiver, tmp_path, monkeypatch)

    counted = {cause for cause, one in said.items() if one.is_left_alone}
    figure("U14", counted_without_whose_fault=len(counted))
    assert counted > ITS_OWN
