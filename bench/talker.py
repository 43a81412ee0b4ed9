"""Somebody at a socket who asks and listens, and asks again where they are told to come back."""

import asyncio
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any, TypeAlias

import msgspec

from bench.learners_words import PONG, Message, message_of
from bench.tiny_socket import TinySocket
from bench.way_in import Again, Said, taken

READY_S, WAITS_S = 15.0, 60.0
PAUSE_S = 0.5
NEVER = "never opened"

Hears: TypeAlias = Callable[[msgspec.Raw], None]


class Gone(Exception):
    """The socket is closed; its code, or the status of the answer that is no socket."""


class Talker:
    """`again` counts what was sent again, by why."""

    def __init__(self, bearer: str, again: Counter[str]) -> None:
        self._bearer = bearer
        self._again = again
        self._numbers = count(1)
        self._socket: TinySocket | None = None
        self._begin()

    def _begin(self) -> None:
        self._ended = NEVER
        self._acknowledged: asyncio.Future[None] = asyncio.Future()
        self._asked: dict[str, asyncio.Future[Said]] = {}
        self._hears: dict[str, Hears] = {}

    async def open(self, gateway: str, source: tuple[str, int] | None) -> None:
        """Raises OSError, Gone or TimeoutError."""
        self._begin()
        host, _, port = gateway.partition(":")
        transport, _ = await asyncio.get_running_loop().create_connection(
            lambda: TinySocket(self, gateway), host, int(port), local_addr=source
        )
        try:
            async with asyncio.timeout(READY_S):
                await self._acknowledged
        except BaseException:
            # Opened later, it would be a second one of theirs.
            transport.abort()
            raise

    async def do(self, mutation: str, **variables: Any) -> Said:
        """Until it is taken, under the key in `variables`; raises NotDone, Gone or TimeoutError."""
        return await self._until_taken(mutation, variables, None)

    async def follow(self, subscription: str, hears: Hears, **variables: Any) -> Said:
        """What it says first; whatever comes behind that is heard. Raises as `do`."""
        return await self._until_taken(subscription, variables, hears)

    def listen(self, subscription: str, hears: Hears, **variables: Any) -> None:
        """As `follow`, to what says nothing until there is something."""
        self._hears[self._send(subscription, variables)] = hears

    def leave(self) -> None:
        if self._socket is not None:
            self._socket.drop()

    async def _until_taken(self, query: str, variables: Said, hears: Hears | None) -> Said:
        while True:
            try:
                return taken(await self._answer(query, variables, hears))
            except Again as refused:
                self._again[str(refused)] += 1
                await asyncio.sleep(refused.pause_s or PAUSE_S)

    async def _answer(self, query: str, variables: Said, hears: Hears | None) -> Said:
        number, answer = self._send(query, variables), asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        if hears is not None:
            self._hears[number] = hears
        try:
            async with asyncio.timeout(WAITS_S):
                said: Said = await answer
                return said
        finally:
            self._asked.pop(number, None)

    def _send(self, query: str, variables: Said) -> str:
        if self._socket is None:
            raise Gone(self._ended)
        number = f"{next(self._numbers)}"
        asked = {"query": query, "variables": variables}
        said = {"type": "subscribe", "id": number, "payload": asked}
        self._socket.send(msgspec.json.encode(said))
        return number

    def opened(self, socket: TinySocket) -> None:
        self._socket = socket
        said = {"authorization": f"Bearer {self._bearer}"}
        socket.send(msgspec.json.encode({"type": "connection_init", "payload": said}))

    def took(self, text: bytes) -> None:
        said = message_of(text)
        match said.type:
            case "next" | "error":
                self._take(said)
            case "ping" if self._socket is not None:
                self._socket.send(PONG)
            case "connection_ack" if not self._acknowledged.done():
                self._acknowledged.set_result(None)

    def gone(self, code: int) -> None:
        self._socket, self._ended = None, str(code)
        waiting: list[asyncio.Future[Any]] = [self._acknowledged, *self._asked.values()]
        for waits in waiting:
            if not waits.done():
                waits.set_exception(Gone(str(code)))
                # Whoever waited may have given up.
                waits.exception()

    def _take(self, said: Message) -> None:
        waits, hears = self._asked.get(said.id), self._hears.get(said.id)
        if waits is not None and not waits.done():
            answer = msgspec.json.decode(said.payload)
            waits.set_result({"errors": answer} if said.type == "error" else answer)
        elif hears is not None and said.type == "next":
            hears(said.payload)
