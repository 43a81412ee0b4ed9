"""Whoever does not read is let go, with what was written for them."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from gateway.transport import connection
from gateway.transport.connection import HttpConnection, SocketConnection, connection_of
from gateway.transport.messages import Closed
from gateway.transport.wire import Wire
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until


class Counting:
    """How many connections there are, as the server sees it."""

    def __init__(self) -> None:
        self.open = 0

    def counted(self, kind: type[Any]) -> type[Any]:
        counting = self

        class Counted(kind):  # type: ignore[misc]
            def connection_made(self, transport: Any) -> None:
                counting.open += 1
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                counting.open -= 1
                super().connection_lost(exc)

        return Counted

    async def are_none(self) -> bool:
        return self.open == 0


@asynccontextmanager
async def deaf(url: str) -> AsyncIterator[socket.socket]:
    """A client that sends a request and never reads."""
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.connect((host, int(port)))
        client.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        yield client


async def much(request: Any) -> StreamingResponse:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b"x" * 100_000

    return StreamingResponse(parts())


async def test_an_answer_that_nobody_reads_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "STUCK_S", 0.2)
    counting, app = Counting(), Starlette(routes=[Route("/", much)])

    async with serving(app, http=counting.counted(HttpConnection)) as url, deaf(url):
        await until(lambda: _is_one(counting))
        await until(counting.are_none)


async def test_an_answer_that_is_read_slowly_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "STUCK_S", 2.0)
    app = Starlette(routes=[Route("/", much)])

    async with serving(app, http=HttpConnection) as url:
        host, port = url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        taken = 0
        while part := await reader.read(200_000):
            taken += len(part)
            await asyncio.sleep(0.001)
        writer.close()

    assert taken > 200 * 100_000


async def flood(websocket: WebSocket) -> None:
    await websocket.accept()
    wire = Wire(connection_of(websocket.scope), send_wait_s=0.2)
    try:
        while True:
            await wire.send({"type": "next", "much": "x" * 100_000})
    except Closed as slow:
        await wire.close(slow)


@asynccontextmanager
async def flooded(
    kind: type[SocketConnection] = SocketConnection,
) -> AsyncIterator[tuple[Counting, ClientConnection]]:
    """A socket to which more is sent than its client reads."""
    counting, app = Counting(), Starlette(routes=[WebSocketRoute("/", flood)])
    async with serving(app, ws=counting.counted(kind)) as url:
        at = url.replace("http", "ws")
        async with connect(at, max_queue=1, compression=None, ping_interval=None) as client:
            await until(lambda: _is_one(counting))
            yield counting, client
            client.transport.abort()


async def test_a_socket_that_nobody_reads_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LET_GO_S", 0.1)

    async with flooded() as (counting, _):
        await until(counting.are_none)


class Waiting(SocketConnection):
    """As uvicorn has it: a close waits for room."""

    send = WebSocketsSansIOProtocol.send


async def test_without_it_a_socket_that_nobody_reads_is_held() -> None:
    async with flooded(Waiting) as (counting, _):
        await asyncio.sleep(1.0)

        assert counting.open == 1


async def test_who_reads_again_in_time_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LET_GO_S", 20.0)

    async with flooded() as (_, client):
        await asyncio.sleep(1.0)
        with suppress(ConnectionClosed):
            async for _ in client:
                pass
        assert client.close_code == 1013


async def greet(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


@pytest.mark.parametrize(
    ("kind", "are_told"), [(SocketConnection, False), (WebSocketsSansIOProtocol, True)]
)
async def test_who_comes_and_goes_is_no_line_in_the_log(
    kind: type[Any], are_told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = Starlette(routes=[WebSocketRoute("/", greet)])
    async with serving(app, ws=kind, log_level="info") as url:
        logging.getLogger("uvicorn.error").addHandler(caplog.handler)
        async with connect(url.replace("http", "ws")) as client:
            await client.wait_closed()
    logging.getLogger("uvicorn.error").removeHandler(caplog.handler)

    told = [one.getMessage() for one in caplog.records]
    assert any("accepted" in one for one in told) is are_told
    assert any("connection open" in one for one in told) is are_told


async def _is_one(counting: Counting) -> bool:
    return counting.open == 1


async def flood_with_news(websocket: WebSocket) -> None:
    """As `flood`, while something is told beside it."""
    await websocket.accept()
    wire = Wire(connection_of(websocket.scope), send_wait_s=5.0)
    with suppress(WebSocketDisconnect):
        while True:
            wire.offer("news")
            await wire.send({"type": "next", "much": "x" * 100_000})
            if not wire.has_room:
                wire.offer("news")


async def test_a_client_that_goes_amid_what_waits_for_it_holds_nobody_up() -> None:
    counting = Counting()
    app = Starlette(routes=[WebSocketRoute("/", flood_with_news)])
    async with serving(app, ws=counting.counted(SocketConnection)) as url:
        at = url.replace("http", "ws")
        async with connect(at, max_queue=1, compression=None, ping_interval=None) as client:
            await until(lambda: _is_one(counting))
            await asyncio.sleep(0.2)
            client.transport.abort()

        async with asyncio.timeout(2.0):
            await until(counting.are_none)


async def wait(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("welcome")
    with suppress(WebSocketDisconnect):
        await websocket.receive_text()


@pytest.mark.parametrize(
    ("kind", "is_kept"), [(SocketConnection, False), (WebSocketsSansIOProtocol, True)]
)
async def test_of_an_open_socket_the_handshake_is_not_kept(kind: type[Any], is_kept: bool) -> None:
    made: list[Any] = []

    class Kept(kind):  # type: ignore[misc]
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            made.append(self)

    app = Starlette(routes=[WebSocketRoute("/", wait)])
    async with serving(app, ws=Kept) as url, connect(url.replace("http", "ws")) as client:
        assert await client.recv() == "welcome"

        assert bool(made[0].request or made[0].response) is is_kept
