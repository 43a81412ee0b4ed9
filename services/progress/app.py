"""What the progress service answers: each question by its view, and its one command."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from starlette.routing import Route

from services.commands.answering import command_route
from services.commands.bus import Bus
from services.contracts import progress_api as api
from services.contracts.freshness import Seen
from services.contracts.learning import Enrolment
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
    ) -> Route:
        async def answer(asking: Asking[Q]) -> A:
            async def once() -> A:
                return await reads.look(
                    asking, lambda db: look(Asked(db, asking.viewer), asking.said)
                )

            most_s = min(MOST_S, asking.allowed_s / 2)
            return await newest(once, lambda found: is_old(asking.seen, found), most_s)

        return value_route(question, answer, SERVICE)

    def kept(question: Question[Q, A], look: Callable[[Asked, Q], Awaitable[A]]) -> Route:
        """What gateways keep until they hear of a change."""

        async def answer(asking: Asking[Q]) -> A:
            return await reads.newest(lambda db: look(Asked(db, asking.viewer), asking.said))

        return value_route(question, answer, SERVICE)

    return [
        view(api.ME, people.me),
        kept(api.LEARNERS, people.learners),
        kept(api.ENROLMENTS, courses.enrolments),
        kept(api.COURSES, courses.courses),
        kept(api.OUTLINES, lessons.outlines),
        kept(api.LESSONS, lessons.lessons),
        view(api.COMPLETED, lessons.completed, lessons.is_old),
        view(api.ROSTERS, courses.rosters),
        view(api.PROGRESS, progress.progress, progress.is_old),
        kept(api.ASSESSMENTS_OF_COURSES, assessments.of_courses),
        kept(api.ASSESSMENTS, assessments.assessments),
        kept(api.ITEMS, assessments.items),
        *_routes_of_many(reads),
    ]


def _routes_of_many(reads: Reading) -> list[Route]:
    def together(question: Question[M, A], look: Callable[[Together, M], Awaitable[A]]) -> Route:
        async def answer(asking: Asking[M]) -> A:
            of_all = replace(asking, seen=asking.said.seen)
            return await reads.look(
                of_all, lambda db: look(Together(db, asking.viewer.tenant), asking.said)
            )

        return value_route(question, answer, SERVICE, who=nobody_of)

    async def enrolments(asking: Asking[api.OfUsers]) -> list[list[Enrolment]]:
        tenant = asking.viewer.tenant
        return await reads.newest(lambda db: many.enrolments(Together(db, tenant), asking.said))

    return [
        value_route(api.ENROLMENTS_OF_MANY, enrolments, SERVICE, who=nobody_of),
        together(api.PROGRESS_OF_MANY, many.progress),
        together(api.COMPLETED_OF_MANY, many.completed),
    ]


def never_old(seen: Seen, found: object) -> bool:
    """Of what has no versions."""
    return False


def command_routes(bus: Bus) -> list[Route]:
    return [command_route(api.COMPLETE_LESSON, COMPLETE_LESSON, bus)]
