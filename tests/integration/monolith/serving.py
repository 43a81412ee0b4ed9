"""The real monolith on a real socket, inside the test's process so that its clock can be moved."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from legacy.monolith import database
from legacy.monolith.app import application
from legacy.monolith.clock import FakeClock
from legacy.monolith.parts import Parts
from legacy.monolith.settings import Settings
from services.kit.once import flight
from tests.integration.monolith.waiting import until

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

SECRET = "known to the gateway"
ORDINARY: dict[str, Any] = {
    "lifespan": "off",
    "log_level": "error",
    "ws": "websockets-sansio",
    "timeout_graceful_shutdown": 10,
}
NOON_IN_JAKARTA = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Monolith:
    url: str
    clock: FakeClock

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, timeout=10)

    async def signed_in(self, tenant: str, user: int) -> httpx.AsyncClient:
        browser = self.browser()
        form = {"tenant": tenant, "user": str(user), "secret": SECRET}
        answer = await browser.post("/login", data=form)
        assert "Welcome" in answer.text
        return browser


@asynccontextmanager
async def monolith(
    database_url: str, traces: "TracerProvider | None" = None, **changed: Any
) -> AsyncIterator[Monolith]:
    """`changed` are settings."""
    plain = Settings(database_url, gateway_secret=SECRET, delay_ms=0)
    settings = replace(plain, **changed)
    clock = FakeClock(NOON_IN_JAKARTA)
    async with database.pool(database_url, settings.workers) as pool:
        app = application(Parts.of(settings, clock, pool), traces)
        async with serving(app) as url:
            yield Monolith(url, clock)


@asynccontextmanager
async def serving(app: ASGIApp, port: int = 0, **config: Any) -> AsyncIterator[str]:
    """Any app, on a free port where none is given; `config` is uvicorn's, where it differs.

    The server ends by itself also when the block fails: cancelled, it would leave its socket in
    the loop's selector, and whoever gets the number of that file next would never be heard.
    """
    with socket.create_server(("127.0.0.1", port)) as listener:
        # asyncio forgets it for sockets made like this one: each answer would wait 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = uvicorn.Server(uvicorn.Config(app, **{**ORDINARY, **config}))
        work = flight(server.serve(sockets=[listener]), "serving")
        try:
            await until(lambda: _is_started(server))
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await work


async def _is_started(server: uvicorn.Server) -> bool:
    return server.started


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
