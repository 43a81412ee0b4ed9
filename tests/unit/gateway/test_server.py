"""A door that closes loses nobody who stands before it, and no connection that brings a request."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from gateway.build import Gateway
from gateway.health import Health
from gateway.server import Server, shared_socket
from gateway.transport.connection import HttpConnection, SocketConnection
from gateway.transport.departures import Departures
from services.kit.clock import SystemClock
from services.kit.once import flight
from tests.integration.monolith.waiting import until

REQUEST = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


@asynccontextmanager
async def serving(drain_s: float) -> AsyncIterator[tuple[Server, socket.socket]]:
    app: ASGIApp = PlainTextResponse("here\n")
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_level="error",
        http=HttpConnection,
        ws=SocketConnection,
        timeout_graceful_shutdown=1,
    )
    gateway = Gateway(app, Health(), Departures(SystemClock()))
    server, listening = Server(config, gateway, drain_s), shared_socket("127.0.0.1", 0)
    work = flight(server.serve(sockets=[listening]), "serving")

    async def is_started() -> bool:
        return server.started

    try:
        await until(is_started)
        yield server, listening
    finally:
        server.should_exit = True
        await work


async def answer(to: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()
    to.setblocking(False)
    await loop.sock_sendall(to, REQUEST)
    async with asyncio.timeout(5):
        return await loop.sock_recv(to, 65_536)


async def test_whom_the_kernel_has_let_in_is_answered() -> None:
    async with serving(drain_s=2.0) as (server, listening):
        # Nothing is awaited between: the loop cannot have accepted it.
        with socket.create_connection(listening.getsockname()) as client:
            await server._close_door([listening])

            assert b"here" in await answer(client)


async def test_without_it_they_are_sent_away() -> None:
    async with serving(drain_s=2.0) as (server, listening):
        with socket.create_connection(listening.getsockname()) as client:
            for one in server.servers:
                one.close()

            with pytest.raises(ConnectionError):
                await answer(client)


async def test_a_connection_that_is_kept_brings_one_request_more() -> None:
    async with serving(drain_s=5.0) as (server, listening):
        with socket.create_connection(listening.getsockname()) as client:
            first = await answer(client)
            server.should_exit = True
            await until(lambda: _is_closing(server))
            second = await answer(client)

    assert b"connection: close" not in first
    assert b"connection: close" in second
    assert not server._gateway.health.is_ready


async def _is_closing(server: Server) -> bool:
    return server._gateway.departures.is_leaving
