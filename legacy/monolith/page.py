"""Makes a URL of a function: who asks, in which tenant, with which words, in one transaction."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from legacy.monolith.database import Connection
from legacy.monolith.errors import Invalid
from legacy.monolith.local_time import local, read
from legacy.monolith.parts import Parts
from legacy.monolith.session import SESSION, Session
from legacy.monolith.telemetry import hand_on


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of someone who is signed in; `now` is their tenant's local time."""

    db: Connection
    tenant: str
    user: int
    now: datetime
    path: Mapping[str, Any]
    query: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def id(self) -> int:
        """The id in the path."""
        return int(self.path["id"])

    def number(self, name: str, default: int) -> int:
        """A whole number of the query string, never negative."""
        text = self.query.get(name, str(default))
        if not (text.isascii() and text.isdigit()):
            raise Invalid(f"{name} must be a whole number.")
        return int(text)

    def moment(self, name: str) -> datetime | None:
        """A local time of the query string."""
        text = self.query.get(name)
        try:
            return read(text) if text else None
        except ValueError as wrong:
            raise Invalid(f"{name} must be written YYYY-MM-DD HH:MM:SS.") from wrong


Handler = Callable[[Asked], Awaitable[dict[str, Any]]]


class Page:
    """Runs a handler for a request that came through the door."""

    def __init__(self, parts: Parts, handler: Handler) -> None:
        self._parts = parts
        self._handler = handler

    async def answer(self, request: Request) -> Response:
        session: Session = request.scope[SESSION]
        body = await _json(request)
        now = local(self._parts.clock.now(), session.timezone)
        async with self._parts.transaction() as db:
            await hand_on(request, db)
            asked = Asked(
                db,
                session.tenant,
                session.user,
                now,
                request.path_params,
                request.query_params,
                body,
            )
            answer = await self._handler(asked)
        return JSONResponse(answer)


async def _json(request: Request) -> dict[str, Any]:
    text = await request.body()
    try:
        body = json.loads(text or "{}", parse_constant=_refuse)
    except (ValueError, RecursionError) as wrong:
        raise Invalid("The body must be JSON.") from wrong
    if not isinstance(body, dict):
        raise Invalid("The body must be a JSON object.")
    return body


def _refuse(constant: str) -> None:
    """NaN and the infinities are no JSON, though Python reads them."""
    raise ValueError(constant)
