"""What the assessment service answers: each question by its view, each command by its handler."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from starlette.responses import Response
from starlette.routing import Route

from services.assessment import sides
from services.assessment.handlers import learning, regrading, ruling, supervising
from services.assessment.handlers.granting import Granting
from services.assessment.views import counts, mine, scores, submissions, verify, windows
from services.assessment.views.asked import Asked
from services.commands.answering import command_route, order_route, status_of
from services.commands.bus import Bus
from services.contracts import assessment_api as api
from services.contracts.errors import Refused
from services.contracts.question import Question
from services.kit.answering import Asking, as_json, route
from services.storage import db
from services.storage.db import Connection, Pool

Q = TypeVar("Q")
A = TypeVar("A")
SERVICE = "assessment"

Begin = Callable[[Pool, str | None], AbstractAsyncContextManager[Connection]]
"""Opens a transaction of one tenant."""


def question_routes(pool: Pool) -> list[Route]:
    def view(
        question: Question[Q, A],
        look: Callable[[Asked, Q], Awaitable[A | Refused]],
        begin: Begin = db.reading,
    ) -> Route:
        async def answer(asking: Asking[Q]) -> Response:
            async with begin(pool, asking.viewer.tenant) as connection:
                found = await look(Asked(connection, asking.viewer), asking.said)
            return as_json(found, status_of(found) if isinstance(found, Refused) else 200)

        return route(question, answer, SERVICE)

    return [
        view(api.SIDE, sides.side, db.transaction),
        view(api.MINE, mine.mine),
        view(api.ATTEMPTS, mine.attempts),
        view(api.SUBMISSIONS, submissions.submissions),
        view(api.SUBMISSION_COUNTS, counts.counts),
        view(api.SCORES, scores.scores),
        view(api.WINDOWS, windows.windows),
        view(api.VERIFY, verify.verify),
    ]


def command_routes(bus: Bus) -> list[Route]:
    return [
        command_route(api.START, learning.START, bus),
        command_route(api.SAVE, learning.SAVE, bus),
        command_route(api.SUBMIT, learning.SUBMIT, bus),
        command_route(api.PAUSE, supervising.PAUSE, bus),
        command_route(api.RESUME, supervising.RESUME, bus),
        command_route(api.VOID, supervising.VOID, bus),
        command_route(api.REOPEN, supervising.REOPEN, bus),
        command_route(api.GRADE_ITEM, supervising.GRADE_ITEM, bus),
        order_route(api.GRANT, Granting(bus).grant, bus.source),
        command_route(api.REGRADE, regrading.REGRADE, bus),
        command_route(api.SET_RULES, ruling.SET_RULES, bus),
    ]
