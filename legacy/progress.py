"""Progress and completions, the old way."""

from collections.abc import Sequence

from legacy import translate, wire
from legacy.client import LegacyClient
from legacy.fanout import each, one
from services.contracts.errors import Refused
from services.contracts.ids import CourseId, LearnerId, LessonId, learner_id
from services.contracts.learning import Lesson, Progress
from services.kit.caller import Caller


class LegacyProgress:
    def __init__(self, client: LegacyClient) -> None:
        self._client = client

    async def mine(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[Progress | Refused]:
        async def fetch(course: CourseId) -> Progress:
            own = learner_id(caller.viewer.tenant, caller.viewer.user)
            return await self._progress(caller, course, own)

        return await each(courses, fetch)

    async def of_learners(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Sequence[Progress | Refused]:
        async def fetch(pair: tuple[CourseId, LearnerId]) -> Progress:
            return await self._progress(caller, *pair)

        return await each(pairs, fetch)

    async def _progress(self, caller: Caller, course: CourseId, learner: LearnerId) -> Progress:
        path = f"/courses/{translate.local(course)}/progress?user={translate.local(learner)}"
        found = await self._client.get(caller, path, wire.Progress)
        return Progress(course, learner, found.done, found.total)

    async def complete(self, caller: Caller, lesson: LessonId, key: str) -> Lesson | Refused:
        """The monolith knows no keys (NO_KEYS): completing twice is completing once."""
        return await one(self._complete(caller, lesson))

    async def _complete(self, caller: Caller, lesson: LessonId) -> Lesson:
        path = f"/lessons/{translate.local(lesson)}/complete"
        done = await self._client.post(caller, path, {}, wire.Lesson)
        return translate.lesson(caller.viewer.tenant, done)
