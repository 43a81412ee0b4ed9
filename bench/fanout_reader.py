"""A subscriber's socket without a kernel: the gateway's own, up to what it writes."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, cast

from gateway.identity.identity import Identity
from gateway.identity.keys import Key
from gateway.identity.token import Tokens
from gateway.transport.badge import Badge
from gateway.transport.connection import SocketConnection
from gateway.transport.inbox import Gate, Inbox
from gateway.transport.listening import Listening
from gateway.transport.wire import Wire
from services.contracts.viewer import Viewer

FOR_EVER_S, PATIENCE_S = 1e12, 5.0


class NoKeys:
    """Nobody shows a token: all have sessions."""

    generation = 0

    def find(self, kid: str) -> Key | None:
        return None


TOKENS = Tokens(NoKeys(), "banyan-bench", "banyan")


class Arrivals:
    """Counts what readers are written; `last_s` is when the last of those expected was."""

    __slots__ = ("_all", "_left", "last", "last_s")

    def expect(self, many: int) -> None:
        self._left = many
        self._all = asyncio.get_running_loop().create_future()

    def note(self, data: bytes) -> None:
        self.last = data
        self._left -= 1
        if self._left == 0:
            self.last_s = time.monotonic()
            self._all.set_result(None)

    async def all(self, within_s: float) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            await self._all


class Reader:
    """A transport whose other end takes everything at once, and counts it."""

    __slots__ = ("_arrivals", "took")

    def __init__(self, arrivals: Arrivals) -> None:
        self.took = 0
        self._arrivals = arrivals

    def write(self, data: bytes) -> None:
        self.took += 1
        self._arrivals.note(data)

    def is_closing(self) -> bool:
        return False


class Connection(SocketConnection):
    """The gateway's own, open already; nothing comes in by it."""

    def __init__(self, reader: Reader) -> None:
        self.transport = cast(asyncio.Transport, reader)
        self.handshake_complete, self.close_sent = True, False
        self.queue = Inbox()  # type: ignore[assignment]
        self.writable = Gate()  # type: ignore[assignment]


class Socket:
    """What a subscription knows of its socket: a session's badge, and the wire."""

    __slots__ = ("badge", "carried", "wire")

    def __init__(self, viewer: Viewer, reader: Reader) -> None:
        self.badge = Badge(TOKENS, Identity(viewer, 0.0, FOR_EVER_S))
        self.carried = None
        self.wire = Wire(Connection(reader), PATIENCE_S)

    def listening(self, id_: str) -> Listening:
        return Listening(id_, cast(Any, self))

    def forget(self, id_: str) -> None:
        """Its class goes on: it is never over."""

    def work(self, work: Coroutine[Any, Any, None]) -> None:
        work.close()
        raise RuntimeError("A reader that takes everything is waited for, or was sent away.")
