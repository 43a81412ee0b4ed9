"""Tells whether this process lives, and whether it is ready for requests."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


class Health:
    """Live from the start; ready until it is told to stop."""

    def __init__(self) -> None:
        self.is_ready = True

    def routes(self) -> list[Route]:
        return [Route("/health/live", self.live), Route("/health/ready", self.ready)]

    async def live(self, request: Request) -> PlainTextResponse:
        return PlainTextResponse("live\n")

    async def ready(self, request: Request) -> PlainTextResponse:
        if self.is_ready:
            return PlainTextResponse("ready\n")
        return PlainTextResponse("stopping\n", 503)
