"""Answers a question over HTTP: the headers say who asks and for how long, the body what."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.contracts.progress_api import Question
from services.contracts.viewer import Viewer
from services.contracts.viewer_headers import NoViewer, viewer_of
from services.kit.deadline import HEADER
from services.kit.log import Log
from services.kit.telemetry import received, server_span

Q = TypeVar("Q")
A = TypeVar("A")
LONGEST_S = 5.0
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

log = Log("live_class")


def route(question: Question[Q, A], answer: Callable[[Viewer, Q], Awaitable[A]]) -> Route:
    """Work stops when the caller waits no longer."""
    decoder = msgspec.json.Decoder(question.asks)

    async def respond(request: Request) -> Response:
        try:
            viewer = viewer_of(request.headers)
            said = decoder.decode(await request.body())
            trace = received(request.headers.get("traceparent"), percent=0)
            with server_span(f"POST {question.path}", trace):
                async with asyncio.timeout(_left_s(request)):
                    return _json(await answer(viewer, said))
        except NoViewer as wrong:
            return PlainTextResponse(f"{wrong}\n", 401)
        except (msgspec.MsgspecError, asyncpg.DataError) as wrong:
            return PlainTextResponse(f"{wrong}\n", 400)
        except TimeoutError:
            return PlainTextResponse("The time was over.\n", 504)
        except AWAY as away:
            log.error("live_class.failed", away, path=question.path)
            return PlainTextResponse("The database failed.\n", 503)

    return Route(question.path, respond, methods=["POST"])


def _left_s(request: Request) -> float:
    given = request.headers.get(HEADER, "")
    # More digits than a day has milliseconds say nothing about a request.
    is_time = given.isascii() and given.isdigit() and len(given) < 9
    return min(int(given) / 1000, LONGEST_S) if is_time else LONGEST_S


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
