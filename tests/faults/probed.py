"""A gateway with a probe in its loop: `python -m tests.faults.probed`.

It is `gateway.main` in all else; GET /stalls says what held its loop up since that was last asked.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from unittest.mock import patch

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gateway import main
from gateway.build import Gateway, build
from services.kit.settings import Settings
from tests.faults.probe import Probe


def probed(settings: Settings, redis_url: str) -> Gateway:
    gateway, probe = build(settings, redis_url), Probe()
    router = gateway.app.router
    lifespan = router.lifespan_context

    @asynccontextmanager
    async def watched(app: Starlette) -> AsyncIterator[None]:
        async with lifespan(app):
            probe.start()
            yield

    async def stalls(_: Request) -> JSONResponse:
        return JSONResponse(asdict(probe.take()))

    router.lifespan_context = watched
    router.routes.append(Route("/stalls", stalls))
    return gateway


if __name__ == "__main__":
    with patch.object(main, "build", probed):
        main.main()
