"""Calls upstreams: one total deadline, a cap on the answer, no redirects, one error tree."""

import asyncio
import socket
import ssl
from collections import deque

from services.contracts.errors import (
    UpstreamCrowded,
    UpstreamNotFound,
    UpstreamNotTrusted,
    UpstreamRefusing,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from services.kit.account import HERE
from services.kit.connection import Connection
from services.kit.deadline import HEADER, Deadline
from services.kit.http import Call, Reply
from services.kit.origin import Origin, parted
from services.kit.signing import Signer
from services.kit.telemetry import client_span

MOST_BYTES = 5_000_000
CONNECT_S = 1.0
IDLE_S = 4.0
"""Servers close a connection that was idle for 5 s (uvicorn): we let go of it before."""


class HttpTransport:
    """Over connections of our own, since what is given up must end at the upstream too: pyreqwest
    goes on with a call that was cancelled, and holds its place among `connections` meanwhile.

    With a signer, for those that take calls of our own processes alone.
    """

    def __init__(
        self, connections: int, most_bytes: int = MOST_BYTES, signer: Signer | None = None
    ) -> None:
        self._signer = signer
        self._most_bytes = most_bytes
        self._room = asyncio.Semaphore(connections)
        self._origins: dict[str, Origin] = {}
        self._idle: dict[str, deque[Connection]] = {}

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        """Raises UpstreamTimeout, UpstreamUnreachable or UpstreamMisbehaved, or kinds of them."""
        account = HERE.get()
        if account is None:
            return await self._sent(call, deadline)
        return await account.asks(call, self._sent(call, deadline))

    async def _sent(self, call: Call, deadline: Deadline) -> Reply:
        if deadline.left_s() <= 0:
            raise UpstreamTimeout(f"{call.upstream}: nothing was left to call it with")
        with client_span(call) as trace:
            is_begun = False
            try:
                async with deadline.guard(), self._room:
                    is_begun = True
                    return await self._exchange(call, deadline, trace)
            except TimeoutError as late:
                said = f"{call.upstream}: {call.method} {call.url}"
                raise (UpstreamTimeout if is_begun else UpstreamCrowded)(said) from late

    async def close(self) -> None:
        for idle in self._idle.values():
            for connection in idle:
                connection.abort()
        self._idle.clear()

    async def _exchange(self, call: Call, deadline: Deadline, trace: dict[str, str]) -> Reply:
        base, target = parted(call.url)
        origin = self._origins.get(base)
        if origin is None:
            origin = self._origins[base] = Origin.of(base)
        connection = self._kept(base, deadline) or await self._made(call, origin)
        try:
            request = self._request(call, origin, target, deadline, trace)
        except ValueError as wrong:
            connection.abort()
            raise UpstreamUnreachable(f"{call.upstream}: {wrong}") from wrong
        reply = await connection.exchange(request)
        if connection.is_open:
            connection.idle_since_s = deadline.clock.monotonic_s()
            self._idle.setdefault(base, deque()).append(connection)
        return reply

    def _kept(self, base: str, deadline: Deadline) -> Connection | None:
        """The one that was used last: what is used seldom grows old and is let go of."""
        idle = self._idle.get(base)
        if not idle:
            return None
        before_s = deadline.clock.monotonic_s() - IDLE_S
        while idle and (idle[0].idle_since_s < before_s or not idle[0].is_open):
            idle.popleft().abort()
        while idle:
            connection = idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _made(self, call: Call, origin: Origin) -> Connection:
        try:
            async with asyncio.timeout(CONNECT_S):
                return await Connection.to(origin.host, origin.port, origin.tls, self._most_bytes)
        except OSError as failed:
            raise _kind(failed)(f"{call.upstream}: {failed}") from failed

    def _request(
        self, call: Call, origin: Origin, target: str, deadline: Deadline, trace: dict[str, str]
    ) -> bytes:
        body = call.body or b""
        headers = {**call.headers, **trace, HEADER: str(int(deadline.left_s() * 1000))}
        if self._signer is not None:
            headers |= self._signer.header(call.method, call.url, headers, body)
        return origin.request(call.method, target, headers, body)


def _kind(failed: OSError) -> type[UpstreamUnreachable]:
    """TimeoutError is an OSError too: nobody took the call within CONNECT_S."""
    if isinstance(failed, socket.gaierror):
        return UpstreamNotFound
    if isinstance(failed, ssl.SSLCertVerificationError):
        return UpstreamNotTrusted
    return UpstreamRefusing if isinstance(failed, ConnectionRefusedError) else UpstreamUnreachable
