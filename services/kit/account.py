"""What one request asked others for and read out of what is kept: for whoever wants to know."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlsplit

import msgspec

from services.kit.clock import Clock
from services.kit.http import Call, Reply

MOST = 200
"""Of calls and of reads each; further ones are not noted."""


class Asked(msgspec.Struct, frozen=True, gc=False):
    """One call: `began_ms` after the account did; `outcome` is a status, or what went wrong."""

    upstream: str
    method: str
    path: str
    outcome: str
    began_ms: float
    took_ms: float


class Kept(msgspec.Struct, frozen=True, gc=False):
    """One reading of what is kept, and what it came to."""

    what: str
    came_to: str


class Account:
    """One request's. What it begins for others, too, goes on being noted behind its end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_s = clock.monotonic_s()
        self.calls: list[Asked] = []
        self.reads: list[Kept] = []

    async def asks(self, call: Call, reply: Awaitable[Reply]) -> Reply:
        began_s, outcome = self._clock.monotonic_s(), "given up"
        try:
            told = await reply
            outcome = str(told.status)
            return told
        except Exception as failed:
            outcome = type(failed).__name__
            raise
        finally:
            self._note(call, outcome, began_s)

    def read(self, what: str, came_to: str) -> None:
        if len(self.reads) < MOST:
            self.reads.append(Kept(what, came_to))

    def _note(self, call: Call, outcome: str, began_s: float) -> None:
        if len(self.calls) >= MOST:
            return
        began_ms = (began_s - self._began_s) * 1e3
        took_ms = (self._clock.monotonic_s() - began_s) * 1e3
        path = urlsplit(call.url).path
        self.calls.append(Asked(call.upstream, call.method, path, outcome, began_ms, took_ms))


HERE: ContextVar[Account | None] = ContextVar("account", default=None)
"""None where nobody wants to know."""


@contextmanager
def accounting(clock: Clock) -> Iterator[Account]:
    """Notes what is done within."""
    account = Account(clock)
    token = HERE.set(account)
    try:
        yield account
    finally:
        HERE.reset(token)
