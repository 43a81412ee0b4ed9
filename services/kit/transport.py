"""Calls upstreams: one total deadline, a cap on the answer, no redirects, one error tree."""

from datetime import timedelta

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError
from pyreqwest.request import RequestBuilder
from pyreqwest.response import Response

from services.contracts.errors import UpstreamMisbehaved, UpstreamTimeout, UpstreamUnreachable
from services.kit.deadline import HEADER, Deadline
from services.kit.http import Call, Reply
from services.kit.signing import Signer
from services.kit.telemetry import client_span

MOST_BYTES = 5_000_000
CONNECT_S = 1.0
IDLE_S = 4.0
"""Servers close a connection that was idle for 5 s (uvicorn): we let go of it before."""


class HttpTransport:
    """Over pyreqwest (Rust): 0.1 ms of CPU a call; httpx takes 3 to 7 (`bench/transport`).

    With a signer, for those that take calls of our own processes alone.
    """

    def __init__(
        self, connections: int, most_bytes: int = MOST_BYTES, signer: Signer | None = None
    ) -> None:
        self._signer = signer
        self._most_bytes = most_bytes
        self._client: Client = (
            ClientBuilder()
            .user_agent("banyan")
            .follow_redirects(False)
            .referer(False)
            .no_proxy()
            .max_connections(connections)
            .connect_timeout(timedelta(seconds=CONNECT_S))
            .pool_max_idle_per_host(connections)
            .pool_idle_timeout(timedelta(seconds=IDLE_S))
            .build()
        )

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        """Raises UpstreamTimeout, UpstreamUnreachable or UpstreamMisbehaved."""
        with client_span(call) as trace:
            try:
                async with deadline.guard():
                    return await self._exchange(call, deadline, trace)
            except TimeoutError as late:
                raise UpstreamTimeout(f"{call.upstream}: {call.method} {call.url}") from late
            except PyreqwestError as broken:
                raise UpstreamUnreachable(f"{call.upstream}: {broken}") from broken

    async def _exchange(self, call: Call, deadline: Deadline, trace: dict[str, str]) -> Reply:
        request = self._request(call, deadline, trace).build_streamed()
        async with request as response:
            body = await self._read(call, response)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status, headers, body)

    def _request(self, call: Call, deadline: Deadline, trace: dict[str, str]) -> RequestBuilder:
        left_ms = str(int(deadline.left_s() * 1000))
        headers = {**call.headers, **trace, HEADER: left_ms}
        if self._signer is not None:
            headers |= self._signer.header(call.method, call.url, headers, call.body or b"")
        request = self._client.request(call.method, call.url).headers(headers)
        return request if call.body is None else request.body_bytes(call.body)

    async def _read(self, call: Call, response: Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        while (part := await response.body_reader.read_chunk()) is not None:
            size += len(part)
            if size > self._most_bytes:
                raise UpstreamMisbehaved(f"{call.upstream}: more than {self._most_bytes} bytes")
            parts.append(bytes(part))
        return b"".join(parts)

    async def close(self) -> None:
        await self._client.close()
