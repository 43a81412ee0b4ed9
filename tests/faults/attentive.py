"""A client that reads all the time and answers pings, as every client does that may stay long."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.unit.gateway.test_websocket import PROTOCOL, UPDATES, Door, say

PATIENCE_S = 5.0
AT_ONCE = 100


class Gone(Exception):
    """The socket was closed, and all that came before was heard."""


class Attentive:
    """What it is told waits until it is asked for; `code` is that of its close."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._told: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    @property
    def code(self) -> int | None:
        return self._socket.close_code

    async def read(self) -> None:
        with suppress(ConnectionClosed):
            async for text in self._socket:
                await self._take(json.loads(text))
        self._told.put_nowait(None)

    async def heard(self) -> dict[str, Any]:
        """The next that is no ping; raises Gone."""
        async with asyncio.timeout(PATIENCE_S):
            told = await self._told.get()
        if told is None:
            raise Gone
        return told

    async def closed(self) -> int | None:
        """The code it was closed with."""
        async with asyncio.timeout(PATIENCE_S):
            await self._socket.wait_closed()
        return self.code

    async def _take(self, told: dict[str, Any]) -> None:
        if told["type"] == "ping":
            await say(self._socket, type="pong")
        else:
            self._told.put_nowait(told)

    async def greet(self, bearer: str) -> None:
        payload = {"authorization": f"Bearer {bearer}"}
        await say(self._socket, type="connection_init", payload=payload)
        assert await self.heard() == {"type": "connection_ack"}

    async def follow(self) -> None:
        """Until it is told what is."""
        await say(self._socket, type="subscribe", id="1", payload={"query": UPDATES})
        assert (await self.heard())["payload"]["data"]


@asynccontextmanager
async def attentive(door: Door) -> AsyncIterator[Attentive]:
    """Has said who it is. Thousands are one process, whose own pings would be most that it does."""
    opening = connect(
        door.url, subprotocols=[PROTOCOL], compression=None, ping_interval=None, proxy=None
    )
    async with opening as socket:
        made = Attentive(socket)
        reading = asyncio.create_task(made.read(), name="attentive")
        try:
            await made.greet(door.token)
            yield made
        finally:
            reading.cancel()
            await asyncio.wait([reading])


@asynccontextmanager
async def followers(door: Door, many: int) -> AsyncIterator[list[Attentive]]:
    """Each has been told what is: some at a time, since a big group is told ten times a second."""
    made: list[Attentive] = []
    async with AsyncExitStack() as held:
        for first in range(0, many, AT_ONCE):
            few = range(first, min(first + AT_ONCE, many))
            some = [await held.enter_async_context(attentive(door)) for _ in few]
            await asyncio.gather(*(one.follow() for one in some))
            made += some
        yield made
