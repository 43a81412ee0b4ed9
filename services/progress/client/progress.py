"""Progress and completions, from the progress service."""

from collections.abc import Sequence

from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import CourseId, Kind, LearnerId, LessonId
from services.contracts.learning import LessonCompleted, Progress
from services.contracts.progress_api import COMPLETE_LESSON, PROGRESS, CompleteLesson
from services.contracts.question import Pairs
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.local import local, locals_, number


class ServiceProgress:
    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def mine(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[Progress | Refused]:
        own = number(caller.viewer.user)
        return await self._pairs(
            caller, [(course, own) for course in locals_(caller, Kind.COURSE, courses)]
        )

    async def of_learners(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Sequence[Progress | Refused]:
        return await self._pairs(
            caller,
            [
                (local(caller, Kind.COURSE, course), local(caller, Kind.LEARNER, learner))
                for course, learner in pairs
            ],
        )

    async def _pairs(
        self, caller: Caller, pairs: Sequence[tuple[int | None, int | None]]
    ) -> list[Progress | Refused]:
        known = [
            (course, user) for course, user in pairs if course is not None and user is not None
        ]
        answers = await self._client.items(caller, PROGRESS, Pairs(known), len(known))
        found = iter(answers)
        return [HIDDEN if None in pair else next(found) for pair in pairs]


class ServiceCompletions:
    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def complete(
        self, caller: Caller, lesson: LessonId, key: str
    ) -> LessonCompleted | Refused:
        named = local(caller, Kind.LESSON, lesson)
        if named is None:
            return HIDDEN
        return await self._client.command(caller, COMPLETE_LESSON, CompleteLesson(named), key)
