"""Stands before a service, over HTTP: passes each call on, and spoils a share of the answers."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pyreqwest.client import Client, ClientBuilder
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bench.sending import sent
from services.contracts.question import IDEMPOTENCY_KEY
from tests.integration.monolith.serving import serving
from tests.learner import IDLES

HOP = {"connection", "content-length", "host", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Heard:
    """`at_s` by the monotonic clock; a command has a key."""

    path: str
    at_s: float
    key: str | None
    user: str
    is_spoilt: bool


@dataclass
class Faulty:
    """Of each path each `every`th answer is 500, though the service has done what it was asked.

    0: none is. `only` names the paths that are spoilt; all are where it is empty.
    """

    url: str
    http: Client
    every: int = 0
    only: frozenset[str] = frozenset()
    heard: list[Heard] = field(default_factory=list)
    commands: list[Heard] = field(default_factory=list)
    _nth: Counter[str] = field(default_factory=Counter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path, body = request.url.path, await request.body()
        is_spoilt = self._spoils(path)
        key, user = request.headers.get(IDEMPOTENCY_KEY), request.headers.get("banyan-user", "")
        heard = Heard(path, time.monotonic(), key, user, is_spoilt)
        (self.commands if key else self.heard).append(heard)
        response = await self._passed_on(request, body)
        if is_spoilt:
            response = Response("It broke.\n", 500)
        await response(scope, receive, send)

    def first_spoilt_s(self) -> float:
        return next(one.at_s for one in self.heard if one.is_spoilt)

    def last_s(self, paths: Iterable[str]) -> float:
        """When any of these was asked last; 0 where none was."""
        named = set(paths)
        return max((one.at_s for one in self.heard if one.path in named), default=0.0)

    def _spoils(self, path: str) -> bool:
        if not self.every or (self.only and path not in self.only):
            return False
        self._nth[path] += 1
        return self._nth[path] % self.every == 0

    async def _passed_on(self, request: Request, body: bytes) -> Response:
        headers = {name: text for name, text in request.headers.items() if name not in HOP}
        asked = self.http.request(request.method, self.url + request.url.path).headers(headers)
        answer = await sent(asked.body_bytes(body).build())
        kept = {name: text for name, text in answer.headers.items() if name.lower() not in HOP}
        return Response(bytes(await answer.bytes()), answer.status, kept)


@asynccontextmanager
async def faulty(url: str) -> AsyncIterator[tuple[str, Faulty]]:
    """Where it answers, and what it heard."""
    async with ClientBuilder().no_proxy().pool_idle_timeout(IDLES).build() as http:
        made = Faulty(url, http)
        async with serving(made) as at:
            yield at, made
