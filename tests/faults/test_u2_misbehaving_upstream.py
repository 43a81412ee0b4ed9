"""U2: an upstream that misbehaves on the wire is cut short, and its fault is told by name."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import psutil
import pytest

from services.contracts.errors import (
    UpstreamError,
    UpstreamMisbehaved,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.http import Call
from services.kit.transport import MOST_BYTES, HttpTransport
from tests.figures import Recorder

BUDGET_S = 0.5
NOISE_S = 1.0
DRIPS = 20

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def drip(out: asyncio.StreamWriter) -> None:
    """Each byte comes before a timeout between bytes would strike."""
    out.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % DRIPS)
    for _ in range(DRIPS):
        out.write(b"x")
        await out.drain()
        await asyncio.sleep(0.1)


async def flood(out: asyncio.StreamWriter) -> None:
    out.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
    for _ in range(1_000):
        out.write(b"x" * 1_000_000)
        await out.drain()


async def cut(out: asyncio.StreamWriter) -> None:
    out.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
    await out.drain()
    out.close()


async def lie(out: asyncio.StreamWriter) -> None:
    out.write(b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\nx")
    await out.drain()


async def say_nothing(out: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


class Upstream:
    """A server that behaves as told; `asked` are the paths it was asked for."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = drip
        self.asked: list[str] = []
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer), name="upstream")
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(head.split()[1].decode())
            await self.behaviour(writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def stop(self) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    made = Upstream()
    yield made
    await made.stop()


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (drip, UpstreamTimeout),
        (flood, UpstreamMisbehaved),
        (cut, UpstreamUnreachable),
        (lie, UpstreamUnreachable),
        (say_nothing, UpstreamTimeout),
    ],
)
async def test_u2_each_misbehaviour_is_cut_short_and_has_its_name(
    upstream: Upstream, behaviour: Behaviour, error: type[UpstreamError], figure: Recorder
) -> None:
    upstream.behaviour = behaviour
    transport, url = HttpTransport(connections=4), await upstream.start()
    began, rss = time.monotonic(), psutil.Process().memory_info().rss

    with pytest.raises(error):
        await transport.send(
            Call("legacy", "GET", url + "/"), Deadline.within(SystemClock(), BUDGET_S)
        )

    took_s = time.monotonic() - began
    grown_mb = (psutil.Process().memory_info().rss - rss) / 1e6
    await transport.close()
    figure("U2", **{f"{behaviour.__name__}_s": round(took_s, 2)})
    assert took_s < BUDGET_S + NOISE_S
    assert grown_mb < 4 * MOST_BYTES / 1e6


async def test_u2_a_redirect_is_not_followed(upstream: Upstream, figure: Recorder) -> None:
    async def redirect(out: asyncio.StreamWriter) -> None:
        out.write(b"HTTP/1.1 302 Found\r\nlocation: /inside\r\ncontent-length: 0\r\n\r\n")
        await out.drain()

    upstream.behaviour = redirect
    transport, url = HttpTransport(connections=4), await upstream.start()

    reply = await transport.send(
        Call("legacy", "GET", url + "/"), Deadline.within(SystemClock(), BUDGET_S)
    )

    await transport.close()
    figure("U2", redirects_followed=len(upstream.asked) - 1)
    assert reply.status == 302
    assert upstream.asked == ["/"]


async def test_u2_fails_without_a_total_deadline(upstream: Upstream, figure: Recorder) -> None:
    """A timeout between bytes, as HTTP clients have it, waits for a drip to its end."""
    url = await upstream.start()
    began = time.monotonic()

    async with httpx.AsyncClient(timeout=BUDGET_S) as client:
        answer = await client.get(url + "/")

    took_s = time.monotonic() - began
    figure("U2", drip_without_a_total_deadline_s=round(took_s, 2))
    assert answer.status_code == 200
    assert took_s > BUDGET_S
