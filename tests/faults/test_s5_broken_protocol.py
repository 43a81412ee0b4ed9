"""S5: each way to break the protocol of sockets has its close code, and one too many its error."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from gateway.transport.bounds import Bounds
from tests.faults.registry import n
from tests.figures import Recorder
from tests.learner import token
from tests.stack import Stack
from tests.unit.gateway.test_websocket import UPDATES, Door

PROTOCOL = Subprotocol("graphql-transport-ws")
PATIENCE_S = 20.0
HUGE = 20_000_000
MANY = 1_000

Socket = ClientConnection
Fault = Callable[[Socket, str], Awaitable[None]]


async def say(socket: Socket, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def greet(socket: Socket, bearer: str) -> None:
    await say(socket, type="connection_init", payload={"authorization": f"Bearer {bearer}"})
    assert json.loads(await socket.recv()) == {"type": "connection_ack"}


async def second_init(socket: Socket, bearer: str) -> None:
    await greet(socket, bearer)
    await say(socket, type="connection_init")


async def subscribe_before_ack(socket: Socket, bearer: str) -> None:
    await say(socket, type="subscribe", id="1", payload={"query": "{ __typename }"})


async def duplicate_id(socket: Socket, bearer: str) -> None:
    await greet(socket, bearer)
    for _ in range(2):
        await say(socket, type="subscribe", id="1", payload={"query": "{ viewer { name } }"})


async def binary(socket: Socket, bearer: str) -> None:
    await socket.send(b'{"type": "connection_init"}')


async def huge_frame(socket: Socket, bearer: str) -> None:
    await socket.send("x" * HUGE)


async def unknown_type(socket: Socket, bearer: str) -> None:
    await say(socket, type="shout")


FAULTS: list[tuple[Fault, int]] = [
    (second_init, 4429),
    (subscribe_before_ack, 4401),
    (duplicate_id, 4409),
    (binary, 4400),
    (huge_frame, 1009),
    (unknown_type, 4400),
]


async def code_of(stack: Stack, fault: Fault) -> int | None:
    """What the socket was closed with."""
    url = stack.gateway.replace("http", "ws", 1) + "/graphql"
    bearer = token(stack.home, "ministry", 4)
    async with asyncio.timeout(PATIENCE_S), connect(url, subprotocols=[PROTOCOL]) as socket:
        with suppress(ConnectionClosed):
            await fault(socket, bearer)
            async for _ in socket:
                pass
        return socket.close_code


async def refusals(socket: Socket, bearer: str, query: str) -> tuple[int, list[str]]:
    """How many of `MANY` subscriptions run, and the codes of those that were refused."""
    await greet(socket, bearer)
    for number in range(MANY):
        await say(socket, type="subscribe", id=str(number), payload={"query": query})
    running = 0
    codes: list[str] = []
    async with asyncio.timeout(PATIENCE_S):
        while running + len(codes) < MANY:
            message = json.loads(await socket.recv())
            running += message["type"] == "next"
            if message["type"] == "error":
                codes.append(message["payload"][0]["extensions"]["code"])
    return running, codes


async def test_s5_each_fault_has_its_code(stack: Stack, figure: Recorder) -> None:
    codes = {fault.__name__: await code_of(stack, fault) for fault, _ in FAULTS}

    right = sum(codes[fault.__name__] == code for fault, code in FAULTS)
    figure("S5", close_codes_right=right, of=n("S5") - 1)
    assert codes == {fault.__name__: code for fault, code in FAULTS}


async def test_s5_of_a_thousand_subscriptions_ten_run(tmp_path: Path, figure: Recorder) -> None:
    door = Door(tmp_path)
    async with door.opened(), connect(door.url, subprotocols=[PROTOCOL]) as socket:
        running, codes = await refusals(socket, door.token, UPDATES)
        await say(socket, type="ping")
        pong = json.loads(await socket.recv())

    figure("S5", subscribed=MANY, running=running, refused=len(codes), socket_lives=str(bool(pong)))
    assert running == Bounds().operations
    assert set(codes) == {"TOO_MANY_OPERATIONS"}
    assert pong == {"type": "pong"}


async def test_s5_fails_without_a_cap_of_operations(tmp_path: Path, figure: Recorder) -> None:
    door = Door(tmp_path, operations=MANY)
    async with door.opened(), connect(door.url, subprotocols=[PROTOCOL]) as socket:
        running, codes = await refusals(socket, door.token, UPDATES)

    figure("S5", running_without_a_cap=running)
    assert (running, codes) == (MANY, [])


async def test_s5_fails_without_a_bound_of_messages(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server without one takes 16 MB of anybody, before it knows who they are."""
    monkeypatch.setattr("gateway.transport.messages.MOST_BYTES", 10 * HUGE)
    door = Door(tmp_path)
    padded = json.dumps({"type": "ping", "payload": {"x": "y" * (HUGE // 2)}})
    async with door.opened(), connect(door.url, subprotocols=[PROTOCOL]) as socket:
        await socket.send(padded)
        answer = json.loads(await socket.recv())

    figure("S5", taken_without_a_bound_mb=len(padded) / 1e6)
    assert answer == {"type": "pong"}
