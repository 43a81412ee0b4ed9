"""A socket at the gateway with one subscription: when it said what."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
UPDATES = "subscription ($id: ID!) { progressUpdated(courseId: $id) { completed } }"


class Listener:
    """How many lessons are completed, as the newest message says."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._completed = -1
        self._heard = asyncio.Condition()

    async def listen(self) -> None:
        async for text in self._socket:
            message: dict[str, Any] = json.loads(text)
            if message["type"] == "ping":
                await self._socket.send('{"type":"pong"}')
            if message["type"] == "next":
                async with self._heard:
                    self._completed = message["payload"]["data"]["progressUpdated"]["completed"]
                    self._heard.notify_all()

    async def hears(self, completed: int) -> float:
        """When a message had as many; on the monotonic clock."""
        async with self._heard:
            await self._heard.wait_for(lambda: self._completed >= completed)
            return time.monotonic()


@asynccontextmanager
async def listening(gateway: str, bearer: str, course: str) -> AsyncIterator[Listener]:
    url = gateway.replace("http", "ws", 1) + "/graphql"
    async with connect(url, subprotocols=[PROTOCOL]) as socket, asyncio.TaskGroup() as work:
        init = {"type": "connection_init", "payload": {"authorization": bearer}}
        await socket.send(json.dumps(init))
        await socket.recv()
        asked = {"query": UPDATES, "variables": {"id": course}}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": asked}))
        listener = Listener(socket)
        listens = work.create_task(listener.listen())
        await listener.hears(0)
        yield listener
        listens.cancel()
