"""Every URL of the monolith."""

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from legacy.monolith import (
    assessments,
    attempts,
    courses,
    lessons,
    people,
    progress,
    rooms,
    submissions,
    timetable,
)
from legacy.monolith.errors import HANDLERS
from legacy.monolith.page import Handler, Page
from legacy.monolith.parts import Parts
from legacy.monolith.sign_in import Door, Login, Logout
from legacy.monolith.telemetry import Tracing
from legacy.monolith.workers import Workers

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

READS: dict[str, Handler] = {
    "/me": people.me,
    "/users/{id:int}": people.user,
    "/my/courses": courses.mine,
    "/my/agenda": timetable.agenda,
    "/courses/{id:int}": courses.one,
    "/courses/{id:int}/outline": lessons.outline,
    "/courses/{id:int}/progress": progress.progress,
    "/courses/{id:int}/roster": courses.roster,
    "/courses/{id:int}/assessments": assessments.of_course,
    "/courses/{id:int}/classes": timetable.of_course,
    "/lessons/{id:int}": lessons.lesson,
    "/assessments/{id:int}": assessments.one,
    "/assessments/{id:int}/attempts": attempts.mine,
    "/assessments/{id:int}/submissions": submissions.of_assessment,
    "/attempts/{attempt}": submissions.one,
    "/classes/{id:int}": timetable.one,
    "/classes/{id:int}/room": rooms.poll,
}
WRITES: dict[str, Handler] = {
    "/courses/{id:int}/rename": courses.rename,
    "/lessons/{id:int}/complete": lessons.complete,
    "/assessments/{id:int}/start": attempts.start,
    "/attempts/{attempt}/save": attempts.save,
    "/attempts/{attempt}/submit": attempts.submit,
    "/classes/{id:int}/join": rooms.join,
    "/classes/{id:int}/leave": rooms.leave,
    "/classes/{id:int}/start": rooms.start,
    "/classes/{id:int}/end": rooms.end,
    "/classes/{id:int}/hand/raise": rooms.raise_hand,
    "/classes/{id:int}/hand/lower": rooms.lower_hand,
}


async def health(_: Request) -> Response:
    return PlainTextResponse("ok")


def application(parts: Parts, traces: "TracerProvider | None" = None) -> Starlette:
    return Starlette(
        routes=[
            Route("/health", health),
            Route("/login", Login(parts).answer, methods=["POST"]),
            Route("/logout", Logout(parts).answer, methods=["POST"]),
            *(Route(path, Page(parts, handler).answer) for path, handler in READS.items()),
            *(
                Route(path, Page(parts, handler).answer, methods=["POST"])
                for path, handler in WRITES.items()
            ),
        ],
        middleware=[
            *([Middleware(Tracing, tracer=traces.get_tracer("monolith"))] if traces else []),
            Middleware(Workers, size=parts.settings.workers),
            Middleware(Door, sessions=parts.sessions),
        ],
        exception_handlers=HANDLERS,
    )
