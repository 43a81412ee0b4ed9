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

NOT_STORED = {"cache-control": "no-store"}
"""What one viewer is told is no cache's to keep."""


async def answer(run: Run, media_type: str) -> Response:
    """200 whenever it was executed, whatever became of its fields."""
    viewer, say = run.badge.viewer, run.tongue.say
    result = await run.engine.run(run.operation, viewer, run.received_s, run.sight, say)
    return told(payload(result, run.request_id, say), 200, media_type)


def told(
    body: dict[str, Any], status: int, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    encoded = msgspec.json.encode(body)
    return Response(encoded, status, {**NOT_STORED, **(headers or {})}, media_type)


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
