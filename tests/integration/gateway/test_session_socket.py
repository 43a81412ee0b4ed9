"""A socket is opened once, and knows at each operation what its session has seen since."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect

from gateway.identity.carried import Carried
from gateway.identity.session import Session, Sessions
from gateway.transport.connection import SocketConnection
from gateway.transport.cookies import Cookie, WithSessions
from services.contracts.freshness import Seen
from tests.fakes.asking import CONSISTENCY
from tests.fakes.tenant import LEARNER
from tests.integration.gateway.test_session import ANNA, clock, redis, sessions
from tests.integration.monolith.serving import serving
from tests.unit.gateway.test_consistency_socket import READ, heard_of
from tests.unit.gateway.test_websocket import PROTOCOL, Door, heard, say

__all__ = ["clock", "heard_of", "redis", "sessions"]

OTHER, OWN = "progress:other", f"progress:{LEARNER}"


@asynccontextmanager
async def socket_of(home: Path, sessions: Sessions, secret: str) -> AsyncIterator[ClientConnection]:
    """Opened with the session's cookie alone."""
    cookie = Cookie(is_secure=False)
    routes = [WebSocketRoute("/graphql", Door(home).endpoint)]
    with_sessions = Middleware(WithSessions, sessions, cookie, CONSISTENCY)
    app = Starlette(routes=routes, middleware=[with_sessions])
    said = {"cookie": f"{cookie.name}={secret}"}
    async with (
        serving(app, ws=SocketConnection) as url,
        connect(
            url.replace("http", "ws") + "/graphql",
            subprotocols=[PROTOCOL],
            additional_headers=said,
        ) as socket,
    ):
        await say(socket, type="connection_init")
        assert await heard(socket) == {"type": "connection_ack"}
        yield socket


async def read(socket: ClientConnection, id_: str) -> None:
    await say(socket, type="subscribe", id=id_, payload={"query": READ})
    assert (await heard(socket))["type"] == "next"
    assert (await heard(socket))["type"] == "complete"


async def test_what_other_requests_of_the_session_saw_holds_for_the_next_operation(
    tmp_path: Path, sessions: Sessions, heard_of: list[Seen]
) -> None:
    await read_around_a_write(tmp_path, sessions)

    assert [seen.get(OTHER) for seen in heard_of] == [None, 7]


async def test_it_is_not_known_without_looking_at_each_operation(
    tmp_path: Path,
    sessions: Sessions,
    heard_of: list[Seen],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nothing_new(self: Carried) -> Seen:
        return {}

    monkeypatch.setattr(Carried, "seen", nothing_new)

    await read_around_a_write(tmp_path, sessions)

    assert [seen.get(OTHER) for seen in heard_of] == [None, None]


async def test_what_an_operation_saw_is_known_to_the_session(
    tmp_path: Path, sessions: Sessions
) -> None:
    secret = await sessions.begin(ANNA)
    async with socket_of(tmp_path, sessions, secret) as socket:
        said = {"consistency": CONSISTENCY.token({OWN: 3})}
        await say(socket, type="subscribe", id="1", payload={"query": READ, "extensions": said})
        await heard(socket)
        await heard(socket)

    assert (await found(sessions, secret)).seen[OWN] == 3


async def test_without_redis_a_socket_goes_on_with_what_it_knew(sessions: Sessions) -> None:
    session = await found(sessions, await sessions.begin(ANNA))
    away = Sessions(Redis.from_url("redis://127.0.0.1:9"), sessions._clock)
    carried = Carried(session, away)

    await carried.note({OWN: 3})

    assert await carried.seen() == {}


async def read_around_a_write(home: Path, sessions: Sessions) -> None:
    secret = await sessions.begin(ANNA)
    async with socket_of(home, sessions, secret) as socket:
        await read(socket, "1")
        await sessions.note(await found(sessions, secret), {OTHER: 7})
        await read(socket, "2")


async def found(sessions: Sessions, secret: str) -> Session:
    session = await sessions.find(secret)
    assert session is not None
    return session
