"""The proxy misbehaves as asked, in front of a real upstream on the loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from tests.faults import proxy as proxies
from tests.faults.proxy import Mode, Proxy

ASK = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PATIENCE_S = 0.2


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(ANSWER)
    writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    upstream = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with Proxy("127.0.0.1", upstream.sockets[0].getsockname()[1]) as proxy:
        yield proxy
    upstream.close()


class Client:
    """One connection through the proxy."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def ask(self) -> None:
        self._writer.write(ASK)

    async def read(self, within_s: float = 5.0, count: int = len(ANSWER)) -> bytes:
        async with asyncio.timeout(within_s):
            return await self._reader.readexactly(count)

    async def is_left_waiting(self) -> bool:
        try:
            await self.read(within_s=PATIENCE_S, count=1)
        except TimeoutError:
            return True
        return False

    async def rest(self) -> bytes:
        async with asyncio.timeout(5):
            return await self._reader.read()

    def close(self) -> None:
        self._writer.transport.abort()


@pytest.fixture
async def client(proxy: Proxy) -> AsyncIterator[Client]:
    client = Client(*await asyncio.open_connection("127.0.0.1", proxy.port))
    yield client
    client.close()


async def test_it_passes_and_counts(proxy: Proxy, client: Client) -> None:
    for _ in range(2):
        client.ask()
        assert await client.read() == ANSWER

    assert proxy.connections == 1
    assert proxy.first_lines == ["GET /health HTTP/1.1"] * 2


async def test_a_delay_comes_before_the_answer(proxy: Proxy, client: Client) -> None:
    proxy.turn(Mode.DELAY, delay_s=2 * PATIENCE_S)

    client.ask()

    assert await client.is_left_waiting()
    assert await client.read() == ANSWER


async def test_a_hang_takes_the_request_and_says_nothing(proxy: Proxy, client: Client) -> None:
    proxy.turn(Mode.HANG)

    client.ask()

    assert await client.is_left_waiting()
    assert proxy.first_lines == ["GET /health HTTP/1.1"]


async def test_a_drip_gives_byte_after_byte(
    proxy: Proxy, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxies, "DRIP_S", 2 * PATIENCE_S)
    proxy.turn(Mode.DRIP)

    client.ask()

    assert await client.read(count=1) == ANSWER[:1]
    assert await client.is_left_waiting()


async def test_a_cut_ends_half_way(proxy: Proxy, client: Client) -> None:
    proxy.turn(Mode.CUT)

    client.ask()

    assert await client.rest() == ANSWER[: len(ANSWER) // 2]


async def test_a_reset_breaks_the_connection(proxy: Proxy, client: Client) -> None:
    proxy.turn(Mode.RESET)

    client.ask()

    with pytest.raises(ConnectionResetError):
        await client.rest()


async def test_after_a_blackhole_everything_arrives(proxy: Proxy, client: Client) -> None:
    proxy.turn(Mode.BLACKHOLE)
    client.ask()
    assert await client.is_left_waiting()

    proxy.turn(Mode.PASS)

    assert await client.read() == ANSWER


async def test_a_mode_reaches_connections_that_are_open(proxy: Proxy, client: Client) -> None:
    client.ask()
    assert await client.read() == ANSWER

    proxy.turn(Mode.HANG)
    client.ask()

    assert await client.is_left_waiting()


async def test_an_upstream_that_is_gone_breaks_the_connection() -> None:
    gone = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = gone.sockets[0].getsockname()[1]
    gone.close()
    await gone.wait_closed()

    async with Proxy("127.0.0.1", port) as proxy:
        client = Client(*await asyncio.open_connection("127.0.0.1", proxy.port))
        assert await client.rest() == b""
        client.close()
