"""What the progress service answers: each question by its view, and its one command."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import asyncpg
import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.commands.bus import Bus, Order
from services.contracts import progress_api as api
from services.contracts.errors import KEY_REUSED, Refused
from services.contracts.viewer import Viewer
from services.contracts.viewer_headers import NoViewer, viewer_of
from services.kit.deadline import HEADER
from services.kit.log import Log
from services.kit.telemetry import Trace, received, server_span
from services.progress.complete_lesson import COMPLETE_LESSON
from services.progress.views import assessments, courses, lessons, people, progress
from services.progress.views.asked import Asked
from services.storage.db import Pool

Q = TypeVar("Q")
A = TypeVar("A")
LONGEST_S = 5.0
LONGEST_KEY = 200
MS_LEFT = re.compile(r"[0-9]{1,9}")
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

log = Log("progress")


@dataclass(frozen=True, slots=True)
class Asking(Generic[Q]):
    """A request, read."""

    viewer: Viewer
    said: Q
    request: Request
    trace: Trace


def question_routes(pool: Pool) -> list[Route]:
    def view(question: api.Question[Q, A], look: Callable[[Asked, Q], Awaitable[A]]) -> Route:
        async def answer(asking: Asking[Q]) -> Response:
            async with pool.acquire() as db:
                return _json(await look(Asked(db, asking.viewer), asking.said))

        return _route(question, answer)

    return [
        view(api.ME, people.me),
        view(api.LEARNERS, people.learners),
        view(api.ENROLMENTS, courses.enrolments),
        view(api.COURSES, courses.courses),
        view(api.OUTLINES, lessons.outlines),
        view(api.LESSONS, lessons.lessons),
        view(api.ROSTERS, courses.rosters),
        view(api.PROGRESS, progress.progress),
        view(api.ASSESSMENTS_OF_COURSES, assessments.of_courses),
        view(api.ASSESSMENTS, assessments.assessments),
        view(api.ITEMS, assessments.items),
        view(api.MY_ATTEMPTS, assessments.my_attempts),
    ]


def command_routes(bus: Bus) -> list[Route]:
    async def complete(asking: Asking[api.CompleteLesson]) -> Response:
        key = asking.request.headers.get(api.IDEMPOTENCY_KEY, "")
        if not 0 < len(key) <= LONGEST_KEY:
            return PlainTextResponse(f"{api.IDEMPOTENCY_KEY} is missing or too long.\n", 400)
        order = Order(asking.viewer, key, asking.said, asking.trace.traceparent)
        reply = await bus.execute(COMPLETE_LESSON, order)
        return _json(reply, _status(reply) if isinstance(reply, Refused) else 200)

    return [_route(api.COMPLETE_LESSON, complete)]


def _status(refused: Refused) -> int:
    if refused.retryable:
        return api.BUSY_STATUS
    return api.KEY_REUSED_STATUS if refused == KEY_REUSED else api.HIDDEN_STATUS


def _route(
    question: api.Question[Q, A], answer: Callable[[Asking[Q]], Awaitable[Response]]
) -> Route:
    """Reads who asks what, and gives up when the caller has."""
    decoder = msgspec.json.Decoder(question.asks)

    async def respond(request: Request) -> Response:
        trace = received(request.headers.get("traceparent"), percent=0)
        try:
            viewer = viewer_of(request.headers)
            said = decoder.decode(await request.body())
            with server_span(f"POST {question.path}", trace):
                async with asyncio.timeout(_left_s(request)):
                    return await answer(Asking(viewer, said, request, trace))
        except NoViewer as wrong:
            return PlainTextResponse(f"{wrong}\n", 401)
        except (msgspec.MsgspecError, asyncpg.DataError) as wrong:
            return PlainTextResponse(f"{wrong}\n", 400)
        except TimeoutError:
            return PlainTextResponse("The time was over.\n", 504)
        except AWAY as away:
            log.error("progress.failed", away, path=question.path)
            return PlainTextResponse("The database failed.\n", 503)

    return Route(question.path, respond, methods=["POST"])


def _left_s(request: Request) -> float:
    given = request.headers.get(HEADER, "")
    return min(int(given) / 1000, LONGEST_S) if MS_LEFT.fullmatch(given) else LONGEST_S


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
