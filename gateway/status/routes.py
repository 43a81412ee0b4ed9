"""The way in to the status page and its stream: open to everybody, and cheap."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway.health import Health
from gateway.status.look import POLICY
from gateway.status.page import Pages
from gateway.transport.crowd import Tally, network
from gateway.transport.negotiate import EVENTS
from gateway.transport.streamed import Streamed
from resolvers.platform import Status

PATH = "/status"
HEADERS = {
    "cache-control": "public, max-age=1",
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
}
MOST_STREAMS, MOST_OF_AN_ADDRESS = 500, 20
RENEWED_S = 10.0
"""So often a stream is told anew, of when it was checked, where nothing else is new."""
RETRY = b"retry: 2000\n\n"
PING = b":\n\n"
GOODBYE = b": this process stops\n\n"


@dataclass(frozen=True, slots=True)
class StatusPage:
    """Streams are counted by process and by address."""

    status: Status
    health: Health
    pages: Pages = field(default_factory=Pages)
    all: Tally = field(default_factory=partial(Tally, MOST_STREAMS))
    by_address: Tally = field(default_factory=partial(Tally, MOST_OF_AN_ADDRESS))

    def routes(self) -> list[Route]:
        return [Route(PATH, self.page), Route(f"{PATH}/events", self.events, methods=["GET"])]

    async def page(self, request: Request) -> Response:
        """HTML."""
        shown = self.pages.of(await self.status.now())
        return Response(shown.page, headers=HEADERS, media_type="text/html")

    async def events(self, request: Request) -> Response:
        """Server-Sent Events: one now, and one whenever something is new."""
        ended = self._entered(network(request.client.host) if request.client else "")
        if ended is None:
            later = {"retry-after": "10", "cache-control": "no-store"}
            return PlainTextResponse("Too many look on: reload the page.\n", 503, later)
        return Streamed(self._told(), EVENTS, PING, self._farewell, ended)

    def _entered(self, address: str) -> Callable[[], None] | None:
        """What gives the place back; None where there is none."""
        if not self.all.take(None):
            return None
        if not self.by_address.take(address):
            self.all.give(None)
            return None

        def ended() -> None:
            self.all.give(None)
            self.by_address.give(address)

        return ended

    def _farewell(self) -> bytes:
        """A browser comes back by itself, to a process that stays."""
        return b"" if self.health.is_ready else GOODBYE

    async def _told(self) -> AsyncGenerator[bytes, None]:
        yield RETRY
        told = await self.status.now()
        while True:
            yield self.pages.of(told).event
            try:
                async with asyncio.timeout(RENEWED_S):
                    told = await self.status.after(told)
            except TimeoutError:
                told = await self.status.now()
