"""Progress and completions, the old way."""

from collections.abc import Sequence

from legacy import translate, wire
from legacy.client import LegacyClient
from legacy.fanout import each, one
from services.contracts.errors import Refused
from services.contracts.ids import CourseId, LearnerId, LessonId
from services.contracts.learning import Lesson, Progress
from services.kit.caller import Caller


class LegacyProgress:
    def __init__(self, client: LegacyClient) -> None:
        self._client = client

    async def mine(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[Progress | Refused]:
        async def fetch(course: CourseId) -> Progress:
            return await self._progress(caller, f"/courses/{translate.local(course)}/progress")

        return await each(courses, fetch)

    async def of_learners(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Sequence[Progress | Refused]:
        async def fetch(pair: tuple[CourseId, LearnerId]) -> Progress:
            course, learner = (translate.local(part) for part in pair)
            return await self._progress(caller, f"/courses/{course}/progress?user={learner}")

        return await each(pairs, fetch)

    async def _progress(self, caller: Caller, path: str) -> Progress:
        found = await self._client.get(caller, path, wire.Progress)
        return Progress(found.done, found.total)

    async def complete(self, caller: Caller, lesson: LessonId, key: str) -> Lesson | Refused:
        """The monolith knows no keys (NO_KEYS): completing twice is completing once."""
        return await one(self._complete(caller, lesson))

    async def _complete(self, caller: Caller, lesson: LessonId) -> Lesson:
        path = f"/lessons/{translate.local(lesson)}/complete"
        done = await self._client.post(caller, path, {}, wire.Lesson)
        return translate.lesson(caller.viewer.tenant, done)
