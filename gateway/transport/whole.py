"""Answers as one JSON document."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from gateway.errors import payload
from gateway.transport.negotiate import GRAPHQL, JSON
from gateway.transport.results import Run

NOT_STORED = {"cache-control": "no-store"}
"""What one viewer is told is no cache's to keep."""


async def answer(run: Run, media_type: str) -> Response:
    """200 whenever it was executed, whatever became of its fields."""
    result = await run.engine.run(run.operation, run.badge.viewer, run.received_s, run.sight)
    return told(payload(result, run.request_id), 200, media_type)


def told(
    body: dict[str, Any], status: int, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    encoded = msgspec.json.encode(body)
    return Response(encoded, status, {**NOT_STORED, **(headers or {})}, media_type)


def unsound(body: dict[str, Any], media_type: str | None) -> Response:
    """A document that cannot be run: clients of the older media type expect 200 even so."""
    return told(body, 200, JSON) if media_type == JSON else told(body, 400, GRAPHQL)
