"""The pool of workers: so many requests at once, the rest wait in line."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send


class Workers:
    """A request keeps its worker from its first byte to its last, whatever it waits for."""

    def __init__(self, app: ASGIApp, size: int) -> None:
        self._app = app
        self._free = asyncio.Semaphore(size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/health":
            await self._app(scope, receive, send)
            return
        async with self._free:
            await self._app(scope, receive, send)
