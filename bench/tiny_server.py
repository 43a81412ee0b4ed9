"""A real HTTP server that does next to nothing, in a process of its own."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

import uvloop

BODY = b'{"done":12,"total":40}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(BODY)
) + BODY
END = b"\r\n\r\n"


class Answering(asyncio.Protocol):
    """Gives the one answer to each request without a body."""

    def __init__(self) -> None:
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        *requests, self._unread = (self._unread + data).split(END)
        self._transport.write(ANSWER * len(requests))


@contextmanager
def tiny_server() -> Iterator[str]:
    """Its address; it ends with the block, or with us."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        try:
            yield cast(IO[bytes], process.stdout).readline().decode().strip()
        finally:
            process.terminate()


async def serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answering, "127.0.0.1", 0)
    # Our starter holds the other end, and lets go of it however it ends.
    ends = asyncio.Event()
    loop.add_reader(sys.stdin, ends.set)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await ends.wait()


if __name__ == "__main__":
    uvloop.run(serve())
