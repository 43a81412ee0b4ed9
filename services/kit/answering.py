"""Answers a question over HTTP: the headers say who asks and for how long, the body what."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import asyncpg
import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.contracts.freshness import Seen
from services.contracts.question import Question
from services.contracts.seen_header import BadSeen, seen_of
from services.contracts.viewer import Viewer
from services.contracts.viewer_headers import NoViewer, viewer_of
from services.kit.clock import Clock, SystemClock
from services.kit.deadline import HEADER
from services.kit.log import Log
from services.kit.telemetry import Trace, received, server_span

Q = TypeVar("Q")
A = TypeVar("A")
LONGEST_S = 5.0
MS_LEFT = re.compile(r"[0-9]{1,9}")
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
CLOCK: Clock = SystemClock()
Who = Callable[[Mapping[str, str]], Viewer]
"""Who asks, by the headers; raises NoViewer."""


@dataclass(frozen=True, slots=True)
class Asking(Generic[Q]):
    """A request, read; `began_s` is when that began, on the clock's monotonic scale.

    The viewer has `seen` so much, and is to be told no less; they wait for `allowed_s` in all.
    """

    viewer: Viewer
    said: Q
    request: Request
    trace: Trace
    began_s: float
    seen: Seen = field(default_factory=dict)
    allowed_s: float = LONGEST_S


def value_route(
    question: Question[Q, A],
    look: Callable[[Asking[Q]], Awaitable[A]],
    service: str,
    clock: Clock = CLOCK,
    who: Who = viewer_of,
) -> Route:
    """As `route`, where nothing but the value is to be answered."""

    async def answer(asking: Asking[Q]) -> Response:
        return as_json(await look(asking))

    return route(question, answer, service, clock, who)


def route(
    question: Question[Q, A],
    answer: Callable[[Asking[Q]], Awaitable[Response]],
    service: str,
    clock: Clock = CLOCK,
    who: Who = viewer_of,
) -> Route:
    """Reads who asks what, and gives up when the caller has; `service` names it in the log."""
    decoder, log = msgspec.json.Decoder(question.asks), Log(service)

    async def respond(request: Request) -> Response:
        began_s = clock.monotonic_s()
        trace = received(request.headers.get("traceparent"), percent=0)
        try:
            viewer, seen = who(request.headers), seen_of(request.headers)
            said = decoder.decode(await request.body())
            with server_span(f"POST {question.path}", trace):
                allowed_s = _left_s(request)
                async with asyncio.timeout(allowed_s):
                    asking = Asking(viewer, said, request, trace, began_s, seen, allowed_s)
                    return await answer(asking)
        except NoViewer as wrong:
            return PlainTextResponse(f"{wrong}\n", 401)
        except (msgspec.MsgspecError, BadSeen, asyncpg.DataError) as wrong:
            return PlainTextResponse(f"{wrong}\n", 400)
        except TimeoutError:
            return PlainTextResponse("The time was over.\n", 504)
        except AWAY as away:
            log.error(f"{service}.failed", away, path=question.path)
            return PlainTextResponse("The database failed.\n", 503)

    return Route(question.path, respond, methods=["POST"])


def as_json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def _left_s(request: Request) -> float:
    given = request.headers.get(HEADER, "")
    return min(int(given) / 1000, LONGEST_S) if MS_LEFT.fullmatch(given) else LONGEST_S
