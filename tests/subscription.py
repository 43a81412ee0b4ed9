"""A client's socket at a running gateway: graphql-transport-ws as its protocol says."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
PATIENCE_S = 20.0


class Events:
    """What one subscription gives, in order."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.seen: list[Any] = []

    async def next(self) -> Any:
        """The next event's data; fails on errors and on silence."""
        async with asyncio.timeout(PATIENCE_S):
            message = json.loads(await self._socket.recv())
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        self.seen.append(message["payload"]["data"])
        return self.seen[-1]

    async def until(self, data: Any) -> None:
        """Waits for this event; those before it are kept in `seen`."""
        while await self.next() != data:
            pass


@asynccontextmanager
async def subscription(
    gateway: str, bearer: str, query: str, **variables: Any
) -> AsyncIterator[Events]:
    url = gateway.replace("http", "ws", 1) + "/graphql"
    async with connect(url, subprotocols=[PROTOCOL]) as socket:
        payload = {"authorization": f"Bearer {bearer}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        asked = {"query": query, "variables": variables}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": asked}))
        yield Events(socket)
