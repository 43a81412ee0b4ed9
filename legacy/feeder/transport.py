"""Calls the monolith over HTTP, within a deadline."""

from datetime import timedelta

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError

from services.contracts.errors import UpstreamTimeout, UpstreamUnreachable
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from services.kit.telemetry import client_span

CONNECT_S = 1.0


class HttpTransport:
    """`connections` are the calls at once."""

    def __init__(self, connections: int) -> None:
        self._client: Client = (
            ClientBuilder()
            .user_agent("banyan-feeder")
            .follow_redirects(False)
            .no_proxy()
            .max_connections(connections)
            .connect_timeout(timedelta(seconds=CONNECT_S))
            .build()
        )

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        """Raises UpstreamTimeout or UpstreamUnreachable."""
        with client_span(call) as trace:
            request = self._client.request(call.method, call.url)
            request = request.headers({**call.headers, **trace})
            if call.body is not None:
                request = request.body_bytes(call.body)
            try:
                async with deadline.guard():
                    response = await request.build().send()
                    body = bytes(await response.bytes())
            except TimeoutError as late:
                raise UpstreamTimeout(f"{call.upstream}: {call.method} {call.url}") from late
            except PyreqwestError as broken:
                raise UpstreamUnreachable(f"{call.upstream}: {broken}") from broken
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status, headers, body)

    async def close(self) -> None:
        await self._client.close()
