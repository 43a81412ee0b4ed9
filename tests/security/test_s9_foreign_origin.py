"""S9: a page of another origin opens no socket here, whoever's browser it runs in."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from tests.faults.registry import n
from tests.figures import Recorder
from tests.stack import Stack
from tests.unit.gateway.test_websocket import Door

PROTOCOL = Subprotocol("graphql-transport-ws")


def foreign(host: str) -> list[str]:
    """Origins that are not `host`'s, however near they look."""
    name, _, port = host.partition(":")
    near = [
        "https://evil.example",
        "null",
        f"http://{name}",
        f"http://{name}:{int(port) + 1}",
        f"http://{host}.evil.example",
        f"http://evil.example/{host}",
        f"http://evil.example#{host}",
        f"http://{host}@evil.example",
        "http://[",
        "",
    ]
    return (near * n("S9"))[: n("S9")]


async def status(url: str, origin: str) -> int:
    """Of the handshake: 101 where the socket was opened, and then a query was asked."""
    try:
        async with connect(url, subprotocols=[PROTOCOL], origin=Origin(origin)) as socket:
            await socket.send(json.dumps({"type": "connection_init"}))
            await socket.recv()
            asked = {"id": "1", "type": "subscribe", "payload": {"query": "{ __typename }"}}
            await socket.send(json.dumps(asked))
            await socket.recv()
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_s9_a_foreign_page_is_refused_before_the_socket_opens(
    stack: Stack, figure: Recorder
) -> None:
    url = stack.gateway.replace("http", "ws", 1) + "/graphql"
    host = urlsplit(stack.gateway).netloc

    statuses = [await status(url, origin) for origin in foreign(host)]

    figure("S9", foreign_pages=len(statuses), refused_403=statuses.count(403))
    assert set(statuses) == {403}
    assert await status(url, stack.gateway) == 101


async def test_s9_no_context_is_made_for_a_foreign_page(tmp_path: Path, figure: Recorder) -> None:
    door = Door(tmp_path)
    async with door.opened():
        host = urlsplit(door.url).netloc
        statuses = [await status(door.url, origin) for origin in foreign(host)]

    figure("S9", contexts_made=len(door.received_s))
    assert set(statuses) == {403}
    assert door.received_s == []


async def test_s9_fails_without_the_check(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.transport.websocket.is_welcome", lambda headers, origins: True)
    door = Door(tmp_path)
    async with door.opened():
        statuses = [await status(door.url, "https://evil.example") for _ in range(n("S9"))]

    figure("S9", contexts_made_without_the_check=len(door.received_s))
    assert set(statuses) == {101}
    assert len(door.received_s) == n("S9")
