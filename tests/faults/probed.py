"""A gateway with a probe in its loop: `python -m tests.faults.probed`.

It is `gateway.main` in all else; GET /stalls says what held its loop up since that was last asked.
"""

from dataclasses import asdict, replace
from unittest.mock import patch

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import main
from gateway.build import Gateway, build
from services.kit.settings import Settings
from tests.faults.probe import Probe


class Probed:
    """Probes from when the application starts."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._probe = Probe()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self._probe.start()
        if scope.get("path") == "/stalls":
            await JSONResponse(asdict(self._probe.take()))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def probed(settings: Settings, redis_url: str) -> Gateway:
    gateway = build(settings, redis_url)
    return replace(gateway, app=Probed(gateway.app))


if __name__ == "__main__":
    with patch.object(main, "build", probed):
        main.main()
