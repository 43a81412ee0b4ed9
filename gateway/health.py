"""Tells whether this process lives, and whether it is ready for requests."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


class Health:
    """Live from the start; ready once it can serve anybody, until it is told to stop.

    `needs` are what it cannot begin without: until each has held once, others serve better.
    """

    def __init__(self) -> None:
        self.is_ready = True
        self.needs: list[Callable[[], bool]] = []

    def routes(self) -> list[Route]:
        return [Route("/health/live", self.live), Route("/health/ready", self.ready)]

    async def live(self, request: Request) -> PlainTextResponse:
        return PlainTextResponse("live\n")

    async def ready(self, request: Request) -> PlainTextResponse:
        if not self.is_ready:
            return PlainTextResponse("stopping\n", 503)
        self.needs = [holds for holds in self.needs if not holds()]
        if self.needs:
            return PlainTextResponse("waiting for what it needs\n", 503)
        return PlainTextResponse("ready\n")
