"""Courses, outlines, lessons and rosters, the old way."""

from collections.abc import Sequence

from legacy import translate, wire
from legacy.client import LegacyClient
from legacy.fanout import each, known, one
from services.contracts.errors import Refused
from services.contracts.ids import CourseId, LessonId
from services.contracts.learning import (
    Completed,
    Course,
    CourseRenamed,
    Enrolment,
    LearnerInCourse,
    Lesson,
    Module,
)
from services.contracts.paging import Key, Page, page_of
from services.kit.caller import Caller


class LegacyCourses:
    def __init__(self, client: LegacyClient) -> None:
        self._client = client

    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        mine = await self._client.get(caller, "/my/courses", wire.MyCourses)
        tenant = caller.viewer.tenant
        return known(mine.courses, lambda course: translate.enrolment(tenant, course))

    async def many(self, caller: Caller, ids: Sequence[CourseId]) -> Sequence[Course | Refused]:
        async def fetch(course: CourseId) -> Course:
            path = f"/courses/{translate.local(course)}"
            found = await self._client.get(caller, path, wire.Course)
            return translate.course(caller.viewer.tenant, found)

        return await each(ids, fetch)

    async def outlines(
        self, caller: Caller, ids: Sequence[CourseId]
    ) -> Sequence[list[Module] | Refused]:
        async def fetch(course: CourseId) -> list[Module]:
            path = f"/courses/{translate.local(course)}/outline"
            found = await self._client.get(caller, path, wire.Outline)
            tenant = caller.viewer.tenant
            return [translate.module(tenant, course, module) for module in found.modules]

        return await each(ids, fetch)

    async def completed(
        self, caller: Caller, ids: Sequence[CourseId]
    ) -> Sequence[Completed | Refused]:
        """Of lessons that stand in the outline: of others the monolith tells one by one alone."""

        async def fetch(course: CourseId) -> Completed:
            path = f"/courses/{translate.local(course)}/outline"
            found = await self._client.get(caller, path, wire.Outline)
            return translate.completed(caller.viewer.tenant, found)

        return await each(ids, fetch)

    async def lessons(self, caller: Caller, ids: Sequence[LessonId]) -> Sequence[Lesson | Refused]:
        async def fetch(lesson: LessonId) -> Lesson:
            path = f"/lessons/{translate.local(lesson)}"
            found = await self._client.get(caller, path, wire.Lesson)
            return translate.lesson(caller.viewer.tenant, found)

        return await each(ids, fetch)

    async def rosters(
        self, caller: Caller, ids: Sequence[CourseId], first: int, after: Key | None
    ) -> Sequence[Page[LearnerInCourse] | Refused]:
        """The monolith orders a roster by user id, and tells who comes behind one."""

        async def fetch(course: CourseId) -> Page[LearnerInCourse]:
            seen = _seen(after)
            path = f"/courses/{translate.local(course)}/roster?after={seen}&limit={first + 1}"
            found = await self._client.get(caller, path, wire.Roster)
            rows = [_row(caller, course, user) for user in found.learners]
            more = len(rows) > first
            return page_of(rows[:first], more=more, behind=after is not None, total=found.total)

        return await each(ids, fetch)

    async def rename(
        self, caller: Caller, course: CourseId, title: str, key: str
    ) -> CourseRenamed | Refused:
        """The monolith knows no keys (NO_KEYS): renaming twice to one title is renaming once."""
        return await one(self._rename(caller, course, title))

    async def _rename(self, caller: Caller, course: CourseId, title: str) -> CourseRenamed:
        path = f"/courses/{translate.local(course)}/rename"
        renamed = await self._client.post(caller, path, {"title": title}, wire.Course)
        return CourseRenamed(translate.course(caller.viewer.tenant, renamed))


def _seen(after: Key | None) -> str:
    """The user id that a page begins behind; a cursor's content is the client's word."""
    return translate.local(after[1]) if after else "0"


def _row(caller: Caller, course: CourseId, user: wire.User) -> tuple[Key, LearnerInCourse]:
    learner = translate.learner(caller.viewer.tenant, user)
    return (f"{user.id:020}", learner.id), LearnerInCourse(learner, course)
