"""GraphQL over Server-Sent Events: graphql-sse's distinct connections, one operation each."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import Any

import msgspec
from starlette.responses import Response

from gateway.errors import problem
from gateway.identity.token import BadToken
from gateway.transport.negotiate import EVENTS
from gateway.transport.results import Run, results
from gateway.transport.streamed import Streamed
from services.contracts.errors import UNAUTHENTICATED

KEEP_ALIVE = b":\n\n"
COMPLETE = b"event: complete\ndata: \n\n"


def answer(run: Run, ended: Callable[[], None] = lambda: None) -> Response:
    """Each payload as a `next` event, and `complete` behind the last; then `ended` is called."""
    return Streamed(
        _events(_until_signed_out(run)), EVENTS, KEEP_ALIVE, partial(_farewell, run), ended
    )


def refuse(body: dict[str, Any]) -> Response:
    """An unsound document is an event too: a browser shows its page no other status than 200."""
    return Response(_next(msgspec.json.encode(body)) + COMPLETE, media_type=EVENTS)


async def _until_signed_out(run: Run) -> AsyncGenerator[bytes, None]:
    async with aclosing(results(run)) as payloads:
        try:
            async for payload in payloads:
                yield payload
        except BadToken:
            yield msgspec.json.encode(_signed_out(run))


def _farewell(run: Run) -> bytes:
    """To whoever may not listen any longer, while nothing happens that they would be told."""
    try:
        run.badge.check()
    except BadToken:
        return _next(msgspec.json.encode(_signed_out(run))) + COMPLETE
    return b""


def _signed_out(run: Run) -> dict[str, Any]:
    return problem(UNAUTHENTICATED.code, run.tongue.say(UNAUTHENTICATED.message))


async def _events(payloads: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    # At once: the client knows that it is connected before anything has happened.
    yield KEEP_ALIVE
    async with aclosing(payloads):
        async for payload in payloads:
            yield _next(payload)
    yield COMPLETE


def _next(payload: bytes) -> bytes:
    return b"event: next\ndata: " + payload + b"\n\n"
