"""Courses of a service, where what is many viewers' own in them is asked for at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.together.own import Pair, own_in_courses
from gateway.together.together import Together
from resolvers.ports import Courses, Each
from services.contracts.errors import Refused
from services.contracts.freshness import Seen
from services.contracts.ids import CourseId, LessonId
from services.contracts.learning import (
    Completed,
    Course,
    Enrolment,
    LearnerInCourse,
    Lesson,
    Module,
)
from services.contracts.paging import Key, Page
from services.kit.caller import Caller
from services.kit.local import number


@dataclass(frozen=True, slots=True)
class CoursesTogether:
    alone: Courses
    taken: Together[int, list[Enrolment]]
    done: Together[Pair, Completed | Refused]

    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        async def own() -> list[list[Enrolment]]:
            return [await self.alone.enrolments(caller)]

        user = number(caller.viewer.user)
        if user is None:
            return await self.alone.enrolments(caller)
        [found] = await self.taken.ask(caller, [user], own)
        return found

    async def many(self, caller: Caller, ids: Sequence[CourseId]) -> Each[Course]:
        return await self.alone.many(caller, ids)

    async def outlines(self, caller: Caller, ids: Sequence[CourseId]) -> Each[list[Module]]:
        return await self.alone.outlines(caller, ids)

    async def lessons(self, caller: Caller, ids: Sequence[LessonId]) -> Each[Lesson]:
        return await self.alone.lessons(caller, ids)

    async def completed(self, caller: Caller, ids: Sequence[CourseId]) -> Each[Completed]:
        return await own_in_courses(self.done, self.alone.completed, caller, ids)

    async def rosters(
        self, caller: Caller, ids: Sequence[CourseId], first: int, after: Key | None
    ) -> Each[Page[LearnerInCourse]]:
        return await self.alone.rosters(caller, ids, first, after)


def is_old(answer: Completed | Refused, seen: Seen) -> bool:
    return isinstance(answer, Completed) and answer.misses(seen)
