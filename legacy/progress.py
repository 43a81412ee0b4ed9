"""Progress and completions, the old way."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from msgspec.structs import replace

from legacy import translate, wire
from legacy.client import LegacyClient, LegacyRefusal
from legacy.fanout import each, one
from legacy.versions import Versions
from services.contracts.assessment import Source
from services.contracts.completions import Way
from services.contracts.errors import Refused
from services.contracts.freshness import Known, Seen
from services.contracts.ids import CourseId, LearnerId, LessonId, decode, learner_id
from services.contracts.learning import LessonCompleted, Progress
from services.kit.caller import Caller

Pair = tuple[CourseId, LearnerId]


class LegacyProgress:
    def __init__(self, client: LegacyClient, versions: Versions) -> None:
        self._client = client
        self._versions = versions

    async def mine(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[Progress | Refused]:
        own = _own(caller)
        return await self.of_learners(caller, [(course, own) for course in courses])

    async def of_learners(
        self, caller: Caller, pairs: Sequence[Pair]
    ) -> Sequence[Progress | Refused]:
        # Before the pages: of what an answer says it knows, nothing may be missing in it.
        versions = await self._versions.awaited(caller, _ways(pairs)) or {}

        async def fetch(pair: Pair) -> Progress:
            return await self._progress(caller, pair, versions)

        return await each(pairs, fetch)

    async def _progress(self, caller: Caller, pair: Pair, versions: Seen) -> Progress:
        course, learner = pair
        path = f"/courses/{translate.local(course)}/progress?user={translate.local(learner)}"
        found = await self._client.get(caller, path, wire.Progress)
        known = Known(Source.LEGACY, Way.of(*pair).of_seen(versions))
        return Progress(course, learner, found.done, found.total, known)

    async def complete(
        self, caller: Caller, lesson: LessonId, key: str
    ) -> LessonCompleted | Refused:
        """The monolith knows no keys (NO_KEYS): completing twice is completing once."""
        return await one(self._complete(caller, lesson))

    async def _complete(self, caller: Caller, lesson: LessonId) -> LessonCompleted:
        path = f"/lessons/{translate.local(lesson)}/complete"
        told = await self._client.post(caller, path, {}, wire.Lesson)
        done = replace(translate.lesson(caller.viewer.tenant, told), completed=told.done)
        return LessonCompleted(done, await self._after(caller, done.course_id))

    async def _after(self, caller: Caller, course: CourseId) -> Known:
        """What says that the completion is known; what is shown now, where no version says it.

        Where nothing does, it is not acknowledged: an UpstreamError, and it may be sent again.
        """
        pair = course, _own(caller)
        versions = await self._versions.after_write(caller, [Way.of(*pair)])
        if versions is None:
            versions = (await self._progress(caller, pair, {})).seen
        return Known(Source.LEGACY, versions)


def _own(caller: Caller) -> LearnerId:
    return learner_id(caller.viewer.tenant, caller.viewer.user)


def _ways(pairs: Iterable[Pair]) -> list[Way]:
    """What is no id of the monolith's has none."""
    ways = []
    for course, learner in dict.fromkeys(pairs):
        with suppress(LegacyRefusal):
            own = translate.local(course), translate.local(learner)
            ways.append(Way(decode(course).tenant, *own))
    return ways
