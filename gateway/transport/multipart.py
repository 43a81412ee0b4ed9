"""Answers in parts over multipart/mixed: what is put off by `@defer` comes when it is there."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import msgspec
from starlette.responses import Response

from gateway.transport.incremental import payloads_of
from gateway.transport.negotiate import MULTIPART
from gateway.transport.results import Run
from gateway.transport.streamed import Streamed

CONTENT_TYPE = f'{MULTIPART}; boundary="-"; incrementalSpec=v0.2'
"""https://specs.apollo.dev/incremental/v0.2: pending, incremental and completed, by ids."""
NEXT = b"\r\n---"
HEAD = b"\r\ncontent-type: application/json; charset=utf-8\r\n\r\n"
END = b"--\r\n"


def answer(run: Run, ended: Callable[[], None] = lambda: None) -> Response:
    """A query or mutation; each payload is a part, and the last says `hasNext: false`.

    `ended` is called behind everything.
    """
    viewer, say = run.badge.viewer, run.tongue.say
    parts = run.engine.deliver(run.operation, viewer, run.received_s, run.sight, say)
    given = _parts(payloads_of(parts, run.request_id, say))
    return Streamed(given, CONTENT_TYPE, ended=ended)


async def _parts(payloads: AsyncGenerator[dict[str, Any], None]) -> AsyncGenerator[bytes, None]:
    """A part goes with the boundary behind it: only then may a client read it."""
    lead = NEXT
    async with aclosing(payloads):
        async for payload in payloads:
            yield lead + HEAD + msgspec.json.encode(payload) + NEXT
            lead = b""
    yield END
