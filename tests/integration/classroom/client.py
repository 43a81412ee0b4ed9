"""Somebody's socket at a gateway: they ask and listen by it, as a client in a class does."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
PATIENCE_S = 30.0
GONE = "gone"


def data_of(message: dict[str, Any]) -> dict[str, Any]:
    assert message["type"] == "next", message
    assert "errors" not in message["payload"], message
    data: dict[str, Any] = message["payload"]["data"]
    return data


class Heard:
    """What one subscription gives, in order; None behind the last."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.cursor: str | None = None

    async def next(self) -> Any:
        """The next event; fails on errors and on silence."""
        message = await self._message()
        if message["type"] == "complete":
            return None
        event = data_of(message)[self.name]
        self.cursor = event["cursor"]
        return event

    async def until(self, **wanted: Any) -> Any:
        """The first event that says so; those before it are gone."""
        while True:
            event = await self.next()
            assert event is not None, f"it was over before {wanted}"
            if all(event.get(name) == value for name, value in wanted.items()):
                return event

    async def kinds(self, *wanted: str) -> dict[str, Any]:
        """The newest of each kind, once all that are wanted have come."""
        found: dict[str, Any] = {}
        while not found.keys() >= {*wanted}:
            event = await self.next()
            found[event["__typename"]] = event
        return found

    async def one(self) -> Any:
        """The one field of what a query or a mutation is answered."""
        [field] = data_of(await self._message()).values()
        return field

    async def _message(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            message = await self.messages.get()
        if message["type"] == GONE:
            raise ConnectionResetError
        return message

    async def nothing(self, for_s: float) -> bool:
        """Whether nothing more came in so long."""
        await asyncio.sleep(for_s)
        return self.messages.empty()


class Client:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._heard: defaultdict[str, asyncio.Queue[dict[str, Any]]] = defaultdict(asyncio.Queue)

    async def ask(self, query: str, **variables: Any) -> Any:
        """The one field of the data."""
        return await (await self._begin("", query, variables)).one()

    async def listen(self, name: str, query: str, **variables: Any) -> Heard:
        """`name` is the subscription's field, each of whose events has a cursor."""
        return await self._begin(name, query, variables)

    async def cut(self) -> None:
        """As a network does: without a word."""
        self._socket.transport.abort()

    async def read(self) -> None:
        """Hands on what comes, as long as anything does."""
        with suppress(WebSocketException):
            async for text in self._socket:
                message = json.loads(text)
                if message["type"] == "ping":
                    await self._socket.send(json.dumps({"type": "pong"}))
                elif "id" in message:
                    self._heard[message["id"]].put_nowait(message)
        for waiting in self._heard.values():
            waiting.put_nowait({"type": GONE})

    async def _begin(self, name: str, query: str, variables: dict[str, Any]) -> Heard:
        number = f"{next(self._numbers)}"
        heard = Heard(name)
        self._heard[number] = heard.messages
        asked = {"query": query, "variables": variables}
        await self._socket.send(json.dumps({"type": "subscribe", "id": number, "payload": asked}))
        return heard


@asynccontextmanager
async def client(gateway: str, bearer: str) -> AsyncIterator[Client]:
    url = gateway.replace("http", "ws", 1) + "/graphql"
    async with connect(url, subprotocols=[PROTOCOL]) as socket:
        payload = {"authorization": f"Bearer {bearer}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        own = Client(socket)
        reading = asyncio.create_task(own.read())
        try:
            yield own
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
