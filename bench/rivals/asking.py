"""Asks over raw sockets that are kept: requests are written before any of them is sent."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import msgspec

from bench.rivals.running import Running

HEAD = (
    b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
    b"accept: application/json\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n"
)
END = b"\r\n\r\n"
LENGTH = b"content-length: "


@dataclass(frozen=True, slots=True)
class Asked:
    """Answers a second, the rival's CPU and the asking process's own in µs an answer."""

    per_s: float
    us: float
    own_us: float
    count: int


class BadAnswer(Exception):
    """A rival said something else than 200 without errors."""


def written(bodies: Sequence[bytes], token: str) -> list[bytes]:
    return [HEAD % (token.encode(), len(body)) + body for body in bodies]


async def ask(rival: Running, requests: Sequence[bytes], connections: int, seconds: float) -> Asked:
    """So many at once, each connection's next request as soon as it is answered."""
    many = _Many(itertools.cycle(requests), time.monotonic() + seconds, connections)
    loop = asyncio.get_running_loop()
    began, cpu_s, own_s = time.monotonic(), rival.cpu_s(), time.process_time()
    for _ in range(connections):
        await loop.create_connection(lambda: _One(many), "127.0.0.1", rival.port)
    await many.ended
    took, count = time.monotonic() - began, many.count
    used, own = rival.cpu_s() - cpu_s, time.process_time() - own_s
    return Asked(count / took, used * 1e6 / count, own * 1e6 / count, count)


@dataclass(frozen=True, slots=True)
class Answer:
    data: object
    bytes: int


async def answers(rival: Running, requests: Sequence[bytes]) -> list[Answer]:
    """What each is answered, in order."""
    bodies: list[bytes] = []
    many = _Many(iter(requests), time.monotonic() + 60.0, 1, bodies.append)
    loop = asyncio.get_running_loop()
    await loop.create_connection(lambda: _One(many), "127.0.0.1", rival.port)
    await many.ended
    return [Answer(msgspec.json.decode(body)["data"], len(body)) for body in bodies]


@dataclass(slots=True)
class _Many:
    """What connections have together; `ended` once the last of them is gone."""

    requests: Iterator[bytes]
    ends_s: float
    open: int
    take: Callable[[bytes], object] | None = None
    count: int = 0
    ended: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def gone(self, why: Exception | None) -> None:
        self.open -= 1
        if self.ended.done():
            return
        if why is not None:
            self.ended.set_exception(why)
        elif not self.open:
            self.ended.set_result(None)


class _One(asyncio.Protocol):
    """One connection: asks, takes the whole answer, asks again."""

    def __init__(self, many: _Many) -> None:
        self._many = many
        self._read = b""
        self._awaited = 0
        self._why: Exception | None = ConnectionError("a rival closed a connection")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._read = self._read + data if self._read else data
        if not self._awaited:
            self._awaited = whole(self._read)
        if self._awaited and len(self._read) >= self._awaited:
            self._answered(self._read)

    def connection_lost(self, exc: Exception | None) -> None:
        self._many.gone(exc or self._why)

    def _answered(self, answer: bytes) -> None:
        many = self._many
        if not answer.startswith(b"HTTP/1.1 200") or b'"errors"' in answer:
            self._end(BadAnswer(answer[:500].decode()))
            return
        many.count += 1
        if many.take:
            many.take(answer.partition(END)[2])
        self._read, self._awaited = b"", 0
        self._next()

    def _next(self) -> None:
        request = next(self._many.requests, None)
        if request is None or time.monotonic() >= self._many.ends_s:
            self._end(None)
        else:
            self._transport.write(request)

    def _end(self, why: Exception | None) -> None:
        self._why = why
        self._transport.close()


def whole(read: bytes) -> int:
    """How long the answer is that begins so, 0 where that is not said yet."""
    head = read.find(END)
    if head < 0:
        return 0
    lower = read[:head].lower()
    at = lower.index(LENGTH) + len(LENGTH)
    return int(lower[at:].partition(b"\r\n")[0]) + head + len(END)
