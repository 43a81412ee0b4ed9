"""Answers as one JSON document."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from graphql import ExecutionResult
from starlette.responses import Response

from gateway.bad_request import Refusal
from gateway.cache.fetched import Found
from gateway.cache.verdict import Verdict
from gateway.errors import payload, problem
from gateway.execution.answering import Answering
from gateway.locale.tongue import Tongue
from gateway.operation.keeping import Keeping
from gateway.transport.conditional import (
    NOT_STORED,
    Condition,
    Line,
    lines_of,
    tag_of,
)
from gateway.transport.languages import tell
from gateway.transport.negotiate import GRAPHQL, JSON
from gateway.transport.results import Run

NOTHING: Mapping[str, str] = {}


class Told(Response):
    """As Starlette's, its head written without asking what may already be in it.

    What one viewer is told is no cache's to keep, unless `lines` say for how long.
    """

    def __init__(
        self, body: bytes, status: int, media_type: str, lines: Iterable[Line] = (NOT_STORED,)
    ) -> None:
        self.body = body
        self.status_code = status
        self.background = None
        self.raw_headers = [
            (b"content-type", media_type.encode("ascii")),
            (b"content-length", b"%d" % len(body)),
            *lines,
        ]


class Unchanged(Response):
    """304: what the client has is what it would be told."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.body = b""
        self.status_code = 304
        self.background = None
        self.raw_headers = [*lines]


async def answer(run: Run, media_type: str, condition: Condition | None = None) -> Response:
    """200 whenever it was executed, whatever became of its fields; 304 where that is known."""
    viewer, say = run.badge.viewer, run.tongue.say

    def tell(result: ExecutionResult) -> bytes:
        return msgspec.json.encode(payload(result, run.request_id, say))

    about = (run.engine, run.operation, viewer, run.received_s, run.sight, say, tell, run.ends_s)
    answer = await Answering(*about).answer()
    if answer.found is not None:
        run.outcome.verdict = _verdict(answer.found)
    is_told_again = condition is not None and viewer is not None and answer.is_sound
    keeping, verdict = run.operation.planned.keeping, run.outcome.verdict
    return finished(keeping, verdict, answer.body, media_type, condition if is_told_again else None)


def _verdict(found: Found[bytes]) -> Verdict:
    """What is not kept has no age."""
    if found.entry is None:
        return Verdict(found.way)
    return Verdict(found.way, found.age_s, found.left_s)


def finished(
    keeping: Keeping,
    verdict: Verdict | None,
    body: bytes,
    media_type: str,
    condition: Condition | None,
) -> Response:
    """`condition` where it is without errors, and asked by GET by somebody who signed in."""
    how = lines_of(verdict)
    if condition is None:
        return Told(body, 200, media_type, (NOT_STORED, *how))
    tag = tag_of(body, media_type)
    lines = [*condition.lines(tag, keeping, verdict), *how]
    return Unchanged(lines) if condition.knows(tag) else Told(body, 200, media_type, lines)


def told(
    body: dict[str, Any], status: int, media_type: str, more: Mapping[str, str] = NOTHING
) -> Response:
    lines = [(name.encode("ascii"), value.encode("latin-1")) for name, value in more.items()]
    return Told(msgspec.json.encode(body), status, media_type, [NOT_STORED, *lines])


def unsound(body: dict[str, Any], media_type: str | None) -> Response:
    """A document that cannot be run: clients of the older media type expect 200 even so."""
    return told(body, 200, JSON) if media_type == JSON else told(body, 400, GRAPHQL)


def refuse(refusal: Refusal, tongue: Tongue, media_type: str | None = JSON) -> Response:
    """What is wrong with the request itself."""
    plain = GRAPHQL if media_type == GRAPHQL else JSON
    body = problem(refusal.code, tongue.say(refusal.message), **refusal.about)
    response = told(body, refusal.status, plain, refusal.headers)
    tell(response, tongue)
    return response
