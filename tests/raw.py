"""A client of HTTP that says what it is told to, byte by byte, however wrong that is."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

WAIT_S = 15.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0: the connection was closed instead."""

    status: int
    headers: dict[str, str]
    body: bytes = b""

    @property
    def code(self) -> str:
        """Of the first error; "" without one."""
        try:
            said: Any = json.loads(self.body)
        except ValueError:
            return ""
        errors = said.get("errors", [])
        return str(errors[0]["extensions"]["code"]) if errors else ""


CLOSED = Answer(0, {})


class Raw:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def say(self, text: bytes) -> None:
        """As much as the other side takes."""
        with suppress(ConnectionError):
            self._writer.write(text)
            await self._writer.drain()

    async def answer(self) -> Answer:
        """The next one, whole."""
        try:
            async with asyncio.timeout(WAIT_S):
                return await self._read()
        except (asyncio.IncompleteReadError, ConnectionError):
            return CLOSED

    async def _read(self) -> Answer:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(first.split()[1]), headers, body)

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Raw]:
    at = urlsplit(url)
    raw = Raw(*await asyncio.open_connection(at.hostname, at.port))
    try:
        yield raw
    finally:
        raw.close()
