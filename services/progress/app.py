"""What the progress service answers: each question by its view, and its one command."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from starlette.routing import Route

from services.commands.answering import command_route
from services.commands.bus import Bus
from services.contracts import progress_api as api
from services.contracts.freshness import Seen
from services.contracts.question import Question
from services.contracts.viewer_headers import nobody_of
from services.events.reading import Reading
from services.kit.answering import Asking, value_route
from services.kit.patience import MOST_S, newest
from services.progress.complete_lesson import COMPLETE_LESSON
from services.progress.views import assessments, courses, lessons, people, progress
from services.progress.views import together as many
from services.progress.views.asked import Asked
from services.progress.views.together import Together

Q = TypeVar("Q")
A = TypeVar("A")
M = TypeVar("M", api.OfUsers, api.OfPairs)
SERVICE = "progress"
IsOld = Callable[[Seen, A], bool]
"""By what the viewer has seen."""


def question_routes(reads: Reading) -> list[Route]:
    def view(
        question: Question[Q, A],
        look: Callable[[Asked, Q], Awaitable[A]],
        is_old: IsOld[A] = never_old,
        *,
        is_kept: bool = False,
    ) -> Route:
        async def answer(asking: Asking[Q]) -> A:
            async def once() -> A:
                return await reads.look(
                    asking,
                    lambda db: look(Asked(db, asking.viewer), asking.said),
                    is_kept=is_kept,
                )

            most_s = min(MOST_S, asking.allowed_s / 2)
            return await newest(once, lambda found: is_old(asking.seen, found), most_s)

        return value_route(question, answer, SERVICE)

    return [
        view(api.ME, people.me),
        view(api.LEARNERS, people.learners, is_kept=True),
        view(api.ENROLMENTS, courses.enrolments, is_kept=True),
        view(api.COURSES, courses.courses, is_kept=True),
        view(api.OUTLINES, lessons.outlines, is_kept=True),
        view(api.LESSONS, lessons.lessons, is_kept=True),
        view(api.COMPLETED, lessons.completed, lessons.is_old),
        view(api.ROSTERS, courses.rosters),
        view(api.PROGRESS, progress.progress, progress.is_old),
        view(api.ASSESSMENTS_OF_COURSES, assessments.of_courses, is_kept=True),
        view(api.ASSESSMENTS, assessments.assessments, is_kept=True),
        view(api.ITEMS, assessments.items, is_kept=True),
        *_routes_of_many(reads),
    ]


def _routes_of_many(reads: Reading) -> list[Route]:
    def together(
        question: Question[M, A],
        look: Callable[[Together, M], Awaitable[A]],
        *,
        is_kept: bool = False,
    ) -> Route:
        async def answer(asking: Asking[M]) -> A:
            of_all = replace(asking, seen=asking.said.seen)
            return await reads.look(
                of_all,
                lambda db: look(Together(db, asking.viewer.tenant), asking.said),
                is_kept=is_kept,
            )

        return value_route(question, answer, SERVICE, who=nobody_of)

    return [
        together(api.ENROLMENTS_OF_MANY, many.enrolments, is_kept=True),
        together(api.PROGRESS_OF_MANY, many.progress),
        together(api.COMPLETED_OF_MANY, many.completed),
    ]


def never_old(seen: Seen, found: object) -> bool:
    """Of what has no versions."""
    return False


def command_routes(bus: Bus) -> list[Route]:
    return [command_route(api.COMPLETE_LESSON, COMPLETE_LESSON, bus)]
