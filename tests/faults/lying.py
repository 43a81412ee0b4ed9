"""A service that tells lies of one tenant, or is behind: it stands before the real one."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.contracts.viewer_headers import TENANT

Lie: TypeAlias = Callable[[Any], Any]
"""Of an answer, read from JSON, another one."""
HOP = {"host", "content-length", "connection", "transfer-encoding"}


class Lying:
    """`lies` by path, told of `tenant` alone; `told` counts answers by path, of that tenant.

    While it `is_behind` it repeats what it answered before, also how far it is.
    """

    def __init__(self, url: str, tenant: str, lies: Mapping[str, Lie]) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=30)
        self._tenant = tenant
        self.lies = dict(lies)
        self.told: Counter[str] = Counter()
        self.is_behind = False
        self._known: dict[tuple[str, bytes], bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body, path = await request.body(), request.url.path
        answer = await self._answer(request, path, body)
        await answer(scope, receive, send)

    async def close(self) -> None:
        await self._http.aclose()

    async def _answer(self, request: Request, path: str, body: bytes) -> Response:
        if self.is_behind and (path, body) in self._known:
            return Response(self._known[path, body], media_type="application/json")
        headers = {name: text for name, text in request.headers.items() if name not in HOP}
        found = await self._http.request(request.method, path, content=body, headers=headers)
        if not found.is_success:
            return Response(found.content, found.status_code)
        told = found.content
        if request.headers.get(TENANT) == self._tenant:
            self.told[path] += 1
            if path in self.lies:
                told = json.dumps(self.lies[path](json.loads(told))).encode()
        self._known[path, body] = told
        return Response(told, media_type="application/json")
