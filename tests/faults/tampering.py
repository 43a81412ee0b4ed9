"""An HTTP proxy that passes everything on, but for the paths that it was told to fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.integration.monolith.serving import serving

PASSED_ON = {"cookie", "content-type", "traceparent"}


@dataclass
class Tampering:
    """`failing` maps paths to the status they get; `asked` are all paths, in order."""

    client: httpx.AsyncClient
    url: str = ""
    failing: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        path = request.url.path
        self.asked.append(path)
        if path in self.failing:
            return Response('{"error": "told to fail"}', self.failing[path])
        headers = {k: v for k, v in request.headers.items() if k in PASSED_ON}
        url = f"{path}?{request.url.query}"
        content = await request.body()
        reply = await self.client.request(request.method, url, headers=headers, content=content)
        kept = {k: v for k, v in reply.headers.items() if k in {"content-type", "set-cookie"}}
        return Response(reply.content, reply.status_code, kept)


@asynccontextmanager
async def tampering(upstream: str) -> AsyncIterator[Tampering]:
    async with httpx.AsyncClient(base_url=upstream, timeout=30) as client:
        proxy = Tampering(client)
        app = Starlette(routes=[Route("/{path:path}", proxy.answer, methods=["GET", "POST"])])
        async with serving(app) as url:
            proxy.url = url
            yield proxy
