"""Subscribers who come back when their socket ends, and know what they have seen."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.subscription import PROTOCOL

UPDATES = """subscription ($id: ID!, $after: ConsistencyToken) {
  progressUpdated(courseId: $id, after: $after) { completed asOf { token } } }"""
TRY_AGAIN_S = 0.2
PATIENCE_S = 60.0
AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class End:
    """One socket's, at a moment of the monotonic clock."""

    at_s: float
    code: int | None
    reason: str


@dataclass
class Subscriber:
    """`seen` are the lessons completed, as told; `may_return` is waited for behind each end.

    They are one process, so that only a few can be `coming` in at a time.
    """

    url: str
    bearer: str
    course: str
    may_return: asyncio.Event
    coming: asyncio.Semaphore
    seen: list[int] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    says: Counter[str] = field(default_factory=Counter)
    is_told: asyncio.Event = field(default_factory=asyncio.Event)
    token: str | None = None

    async def listen(self) -> None:
        while True:
            try:
                # Its own pings would end it where this machine is busy.
                opening = connect(
                    self.url,
                    subprotocols=[PROTOCOL],
                    compression=None,
                    open_timeout=PATIENCE_S,
                    ping_interval=None,
                )
                async with AsyncExitStack() as held:
                    async with self.coming:
                        socket = await held.enter_async_context(opening)
                        await self._begin(socket)
                    await self._hear(socket)
            except ConnectionClosed as closed:
                end = closed.rcvd
                code, reason = (end.code, end.reason) if end else (None, "")
                self.ends.append(End(time.monotonic(), code, reason))
                await asyncio.sleep(_wait_s(reason))
            except (OSError, InvalidHandshake):
                await asyncio.sleep(TRY_AGAIN_S)
            await self.may_return.wait()

    async def _begin(self, socket: ClientConnection) -> None:
        payload = {"authorization": f"Bearer {self.bearer}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        await socket.recv()
        asked = {"query": UPDATES, "variables": {"id": self.course, "after": self.token}}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": asked}))

    async def _hear(self, socket: ClientConnection) -> None:
        while True:
            message = json.loads(await socket.recv())
            self.says[message["type"]] += 1
            if message["type"] == "next":
                self._take(message["payload"]["data"]["progressUpdated"])
            if message["type"] == "ping":
                await socket.send('{"type":"pong"}')

    def _take(self, told: dict[str, Any]) -> None:
        self.seen.append(told["completed"])
        self.token = told["asOf"]["token"]
        self.is_told.set()


def _wait_s(reason: str) -> float:
    """As the gateway said; else as one does who was told nothing."""
    return float(json.loads(reason)["waitMs"]) / 1_000 if reason.startswith("{") else TRY_AGAIN_S


@asynccontextmanager
async def listening(subscribers: Sequence[Subscriber]) -> AsyncIterator[None]:
    """Each has been told what is, some at a time."""
    async with asyncio.TaskGroup() as work:
        running = []
        for first in range(0, len(subscribers), AT_ONCE):
            some = subscribers[first : first + AT_ONCE]
            running += [work.create_task(one.listen(), name="subscriber") for one in some]
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*(one.is_told.wait() for one in some))
        yield
        for task in running:
            task.cancel()


def peak_a_second(moments_s: Sequence[float]) -> int:
    """The most that fell within one second."""
    ordered = sorted(moments_s)
    return max((sum(begun <= at < begun + 1.0 for at in ordered) for begun in ordered), default=0)
