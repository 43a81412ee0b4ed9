"""A TCP proxy that stands before an upstream and misbehaves on demand."""

import asyncio
import re
import socket
import struct
from enum import Enum, auto
from types import TracebackType

DRIP_S = 0.5
_CHUNK = 65_536
_REQUEST = re.compile(rb"[A-Z]+ \S+ HTTP/1\.[01](?=\r\n)")


class Mode(Enum):
    """What happens to the bytes of every connection, old and new, from now on."""

    PASS = auto()
    DELAY = auto()
    """Each piece of an answer comes late."""
    HANG = auto()
    """Requests are taken and never answered."""
    DRIP = auto()
    """Answers come one byte at a time."""
    CUT = auto()
    """Half of an answer's first piece, then the end."""
    BLACKHOLE = auto()
    """Nothing moves in either direction; what was sent arrives when it is over."""
    RESET = auto()
    """The connection breaks as soon as something is sent."""


class Proxy:
    """`async with Proxy(host, port) as proxy:` listens on `proxy.port` of the loopback."""

    def __init__(self, host: str, port: int) -> None:
        self._upstream = (host, port)
        self._mode = Mode.PASS
        self._delay_s = 0.0
        self._turned = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()
        self.port = 0
        self.connections = 0
        self.first_lines: list[str] = []

    def turn(self, mode: Mode, delay_s: float = 0.0) -> None:
        self._mode, self._delay_s = mode, delay_s
        self._turned.set()
        self._turned = asyncio.Event()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for connection in self._open:
            connection.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer), name="proxied")
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        try:
            answers, upstream = await asyncio.open_connection(*self._upstream)
        except OSError:
            client.transport.abort()
            return
        try:
            await self._both_ways(reader, upstream, answers, client)
        finally:
            upstream.transport.abort()
            client.close()

    async def _both_ways(
        self,
        requests: asyncio.StreamReader,
        upstream: asyncio.StreamWriter,
        answers: asyncio.StreamReader,
        client: asyncio.StreamWriter,
    ) -> None:
        """Until either side is done, one breaks, or the mode ends it."""
        pumps = [
            asyncio.create_task(self._ask(requests, upstream, client), name="ask"),
            asyncio.create_task(self._answer(answers, client), name="answer"),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _ask(
        self,
        requests: asyncio.StreamReader,
        upstream: asyncio.StreamWriter,
        client: asyncio.StreamWriter,
    ) -> None:
        while piece := await requests.read(_CHUNK):
            self.first_lines += [line.decode("ascii") for line in _REQUEST.findall(piece)]
            await self._out_of_the_blackhole()
            if self._mode is Mode.RESET:
                _break(client)
                break
            if self._mode is not Mode.HANG:
                upstream.write(piece)
                await upstream.drain()

    async def _answer(self, answers: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        while piece := await answers.read(_CHUNK):
            await self._out_of_the_blackhole()
            if self._mode is Mode.CUT:
                client.write(piece[: len(piece) // 2])
                return
            await self._send(piece, client)

    async def _send(self, piece: bytes, client: asyncio.StreamWriter) -> None:
        if self._mode is Mode.DELAY:
            await asyncio.sleep(self._delay_s)
        while self._mode is Mode.DRIP and len(piece) > 1:
            client.write(piece[:1])
            piece = piece[1:]
            await asyncio.sleep(DRIP_S)
        if self._mode is not Mode.HANG:
            client.write(piece)
            await client.drain()

    async def _out_of_the_blackhole(self) -> None:
        while self._mode is Mode.BLACKHOLE:
            await self._turned.wait()


def _break(client: asyncio.StreamWriter) -> None:
    """Closes with RST instead of FIN."""
    at_once = struct.pack("ii", 1, 0)
    client.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    client.transport.abort()
