"""One HTTP/1.1 connection to an upstream: it answers one request at a time, and can be dropped."""

import asyncio
from ssl import SSLContext
from typing import Any

import httptools

from services.contracts.errors import UpstreamMisbehaved, UpstreamUnreachable
from services.kit.http import Reply

MOST_HEAD_BYTES = 65_536
PROMISED = ("content-length", "transfer-encoding")
"""Headers that say where a body ends; without them it ends with the connection."""


class Connection(asyncio.Protocol):
    """`is_open` while another request may be sent; `idle_since_s` is its owner's to set."""

    def __init__(self, most_bytes: int) -> None:
        self.is_open = False
        self.idle_since_s = 0.0
        self._most_bytes = most_bytes
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[Reply] | None = None
        self._begin()

    @classmethod
    async def to(cls, host: str, port: int, tls: SSLContext | None, most: int) -> "Connection":
        """Raises OSError, of which those of a name and of a certificate are kinds."""
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(lambda: cls(most), host, port, ssl=tls)
        return made

    async def exchange(self, request: bytes) -> Reply:
        """Raises UpstreamUnreachable or UpstreamMisbehaved; whoever leaves takes it down."""
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._answer = answer
        self._transport.write(request)
        try:
            return await answer
        except BaseException:
            self.abort()
            # Whoever left does not ask for it, and asyncio would complain.
            answer.cancelled() or answer.exception()
            raise
        finally:
            self._answer = None

    def abort(self) -> None:
        self.is_open = False
        self._transport.abort()

    def connection_made(self, transport: Any) -> None:
        self._transport: asyncio.Transport = transport
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as wrong:
            self._fail(UpstreamUnreachable(f"not HTTP: {type(wrong).__name__}"))

    def eof_received(self) -> None:
        self.is_open = False

    def connection_lost(self, why: Exception | None) -> None:
        self.is_open = False
        if why is None and self._ends_with_connection:
            self.on_message_complete()
        self._fail(UpstreamUnreachable("the connection broke"))

    def on_message_begin(self) -> None:
        if self._answer is None or self._answer.done():
            # Nobody asked: it would be taken for the answer to the next request.
            self.abort()
        self._begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._size += len(name) + len(value)
        if self._size > MOST_HEAD_BYTES:
            self._fail(UpstreamMisbehaved(f"a head of more than {MOST_HEAD_BYTES} bytes"))
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self._size = 0
        self._ends_with_connection = not any(name in self._headers for name in PROMISED)

    def on_body(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._most_bytes:
            self._fail(UpstreamMisbehaved(f"more than {self._most_bytes} bytes"))
        else:
            self._parts.append(part)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:
            return
        self.is_open = self.is_open and self._parser.should_keep_alive()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Reply(status, self._headers, b"".join(self._parts)))
        self._ends_with_connection = False

    def _begin(self) -> None:
        self._headers: dict[str, str] = {}
        self._parts: list[bytes] = []
        self._size = 0
        self._ends_with_connection = False

    def _fail(self, why: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(why)
        self.abort()
