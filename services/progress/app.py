"""What the progress service answers: each question by its view, and its one command."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.routing import Route

from services.commands.answering import command_route
from services.commands.bus import Bus
from services.contracts import progress_api as api
from services.contracts.question import Question
from services.kit.answering import Asking, value_route
from services.progress.complete_lesson import COMPLETE_LESSON
from services.progress.views import assessments, courses, lessons, people, progress
from services.progress.views.asked import Asked
from services.storage.db import Pool

Q = TypeVar("Q")
A = TypeVar("A")
SERVICE = "progress"


def question_routes(pool: Pool) -> list[Route]:
    def view(question: Question[Q, A], look: Callable[[Asked, Q], Awaitable[A]]) -> Route:
        async def answer(asking: Asking[Q]) -> A:
            async with pool.acquire() as db:
                return await look(Asked(db, asking.viewer), asking.said)

        return value_route(question, answer, SERVICE)

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
    ]


def command_routes(bus: Bus) -> list[Route]:
    return [command_route(api.COMPLETE_LESSON, COMPLETE_LESSON, bus)]
