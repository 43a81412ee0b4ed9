"""A gateway that can be watched: `gateway.main` with its calls kept and its CPU time sampled.

GET /watched/calls gives what it asked upstreams since that was last asked, /watched/start and
/watched/stop take samples of its CPU time.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import msgspec
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.flame import Sampler
from bench.upstream_calls import Made, Recording
from gateway import main
from gateway.build import Gateway, build
from gateway.building import outside
from services.kit.settings import Settings
from services.kit.transport import HttpTransport


class Watched:
    """The gateway's application, and beside it what is watched."""

    def __init__(self, app: ASGIApp, calls: list[Made]) -> None:
        self._app = app
        self._calls = calls
        self._sampler = Sampler()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = self._asked().get(scope.get("path", ""))
        if asked is None:
            await self._app(scope, receive, send)
        else:
            await Response(msgspec.json.encode(asked()))(scope, receive, send)

    def _asked(self) -> Mapping[str, Callable[[], Any]]:
        return {
            "/watched/calls": self._taken,
            "/watched/start": self._sampler.start,
            "/watched/stop": self._sampler.stop,
        }

    def _taken(self) -> list[Made]:
        taken, self._calls[:] = [*self._calls], []
        return taken


def watched(settings: Settings, redis_url: str) -> Gateway:
    calls: list[Made] = []

    def recording(*args: Any, **options: Any) -> Recording:
        return Recording(HttpTransport(*args, **options), calls)

    with patch.object(outside, "HttpTransport", recording):
        gateway = build(settings, redis_url)
    return replace(gateway, app=Watched(gateway.app, calls))


if __name__ == "__main__":
    with patch.object(main, "build", watched):
        main.main()
