"""Clients that keep their connections and send what was made before: next to no work."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle

import msgspec

END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, address: str) -> "Connection":
        host, _, port = address.partition(":")
        return cls(*await asyncio.open_connection(host, int(port)))

    async def ask(self, request: bytes) -> bytes:
        """The body of the answer; raises RuntimeError where it is not 200."""
        self.writer.write(request)
        head = (await self.reader.readuntil(END)).lower()
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(f"the server said {head.decode()}")
        _, _, said = head.partition(b"content-length: ")
        return await self.reader.readexactly(int(said.partition(b"\r\n")[0]))

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


class Clients:
    """So many at once, each with a connection of its own; they send the requests in turn."""

    def __init__(self, requests: Sequence[bytes]) -> None:
        self._requests = cycle(requests)
        self._free: list[Connection] = []

    @asynccontextmanager
    async def connected(self, address: str, many: int) -> AsyncIterator[None]:
        self._free = [await Connection.to(address) for _ in range(many)]
        yield
        for connection in self._free:
            await connection.close()

    async def ask(self) -> bytes:
        connection = self._free.pop()
        answer = await connection.ask(next(self._requests))
        self._free.append(connection)
        return answer


def post(bearer: str, **said: object) -> bytes:
    """A whole request, as a browser's script sends it."""
    body = msgspec.json.encode(said)
    head = (
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        "accept: application/graphql-response+json, application/json;q=0.9\r\n"
        f"authorization: Bearer {bearer}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
