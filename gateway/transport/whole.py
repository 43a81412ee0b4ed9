"""Answers as one JSON document."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from gateway.errors import payload, problem
from gateway.locale.tongue import Tongue
from gateway.transport.bad_request import Refusal
from gateway.transport.languages import tell
from gateway.transport.negotiate import GRAPHQL, JSON
from gateway.transport.results import Run

NOT_STORED = (b"cache-control", b"no-store")
"""What one viewer is told is no cache's to keep."""
NOTHING: Mapping[str, str] = {}


class Told(Response):
    """As Starlette's, its head written without asking what may already be in it."""

    def __init__(self, body: bytes, status: int, media_type: str, more: Mapping[str, str]) -> None:
        self.body = body
        self.status_code = status
        self.background = None
        self.raw_headers = [
            (b"content-type", media_type.encode("ascii")),
            (b"content-length", b"%d" % len(body)),
            NOT_STORED,
            *[(name.encode("ascii"), value.encode("latin-1")) for name, value in more.items()],
        ]


async def answer(run: Run, media_type: str) -> Response:
    """200 whenever it was executed, whatever became of its fields."""
    viewer, say = run.badge.viewer, run.tongue.say
    result = await run.engine.run(run.operation, viewer, run.received_s, run.sight, say)
    return told(payload(result, run.request_id, say), 200, media_type)


def told(
    body: dict[str, Any], status: int, media_type: str, more: Mapping[str, str] = NOTHING
) -> Response:
    return Told(msgspec.json.encode(body), status, media_type, more)


def unsound(body: dict[str, Any], media_type: str | None) -> Response:
    """A document that cannot be run: clients of the older media type expect 200 even so."""
    return told(body, 200, JSON) if media_type == JSON else told(body, 400, GRAPHQL)


def refuse(refusal: Refusal, tongue: Tongue, media_type: str | None = JSON) -> Response:
    """What is wrong with the request itself."""
    plain = GRAPHQL if media_type == GRAPHQL else JSON
    body = problem(refusal.code, tongue.say(refusal.message))
    response = told(body, refusal.status, plain, refusal.headers)
    tell(response, tongue)
    return response
