"""An upstream that does as it is told and keeps what it was asked: `python -m tests.receiver`."""

import asyncio
import os
import time
from collections.abc import Mapping
from enum import StrEnum

import msgspec

DEADLINE = "deadline-ms-left"
BODIES = {
    "GET /me": b'{"id":2001,"name":"Anna","locale":"en","roles":["LEARNER"],"timezone":"UTC"}',
    "GET /my/courses": b'{"courses":[{"id":1,"code":"a","title":"A","role":"LEARNER"}]}',
    "POST /login": b"<html>Welcome</html>",
    "POST /me": b'{"person":{"id":"anna","name":"Anna","locale":"en","roles":["LEARNER"]}}',
}
"""As the monolith has them (GET), and the progress service."""
COOKIE = b"set-cookie: MONOSESSION=one; Path=/\r\n"


class Way(StrEnum):
    ANSWER = "answer"
    FAIL = "fail"
    HANG = "hang"
    DROP = "drop"
    LATE = "late"
    """As ANSWER, after `LATE_S`."""


LATE_S = 0.3


class Heard(msgspec.Struct):
    """One call; moments on the machine's monotonic clock. `is_given_up`: the caller left it."""

    path: str
    began_s: float
    ms_left: int | None = None
    ended_s: float | None = None
    is_given_up: bool = False


class Receiver:
    """`/heard` tells and forgets what has ended, `/be/fail` turns it; neither is kept."""

    def __init__(self) -> None:
        self.way = Way.ANSWER
        self.heard: list[Heard] = []
        self.connections = 0
        self._open: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> str:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer), name="receiver")
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._answer(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether another call may come."""
        asked, headers = _parted(await reader.readuntil(b"\r\n\r\n"))
        await reader.readexactly(int(headers.get("content-length", 0)))
        path = asked.partition(" ")[2]
        if (told := self._control(path)) is not None:
            writer.write(_said(200, told))
            return True
        left = headers.get(DEADLINE)
        heard = Heard(path, time.monotonic(), None if left is None else int(left))
        self.heard.append(heard)
        is_answered = await self._be(asked, reader, writer)
        heard.ended_s, heard.is_given_up = time.monotonic(), not is_answered
        return is_answered

    async def _be(
        self, asked: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        if self.way is Way.DROP:
            return False
        if self.way in (Way.HANG, Way.LATE):
            try:
                # Whoever waits says nothing more: what comes is their leaving.
                async with asyncio.timeout(60.0 if self.way is Way.HANG else LATE_S):
                    await reader.read(1)
                return False
            except TimeoutError:
                pass
        more = COOKIE if asked == "POST /login" else b""
        status = 500 if self.way is Way.FAIL else 200
        writer.write(_said(status, BODIES.get(asked, b"null"), more))
        await writer.drain()
        return True

    def _control(self, path: str) -> bytes | None:
        if path == "/heard":
            told = self.heard
            self.heard = [heard for heard in told if heard.ended_s is None]
            return msgspec.json.encode(told)
        if path.startswith("/be/"):
            self.way = Way(path.removeprefix("/be/"))
            return b"null"
        return b"null" if path == "/health" else None


def _parted(head: bytes) -> tuple[str, Mapping[str, str]]:
    """Method and path, and the headers by their names in lower case."""
    first, *lines = head.decode().split("\r\n")
    pairs = [line.split(": ", 1) for line in lines if line]
    return first.rpartition(" ")[0], {name.lower(): value for name, value in pairs}


def _said(status: int, body: bytes, more: bytes = b"") -> bytes:
    kind = b"text/plain" if body.startswith(b"<") else b"application/json"
    head = b"HTTP/1.1 %d X\r\ncontent-type: %b\r\ncontent-length: %d\r\n%b\r\n"
    return head % (status, kind, len(body), more) + body


async def main() -> None:
    await Receiver().start(int(os.environ["RECEIVER_PORT"]))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
