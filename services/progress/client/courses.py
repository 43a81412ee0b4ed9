"""Courses, outlines, lessons and rosters, from the progress service."""

from collections.abc import Sequence

from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import BadId, CourseId, Kind, LessonId, decode
from services.contracts.learning import (
    Completed,
    Course,
    Enrolment,
    LearnerInCourse,
    Lesson,
    Module,
)
from services.contracts.paging import Key, Page, page_of
from services.contracts.progress_api import (
    COMPLETED,
    COURSES,
    ENROLMENTS,
    LESSONS,
    OUTLINES,
    ROSTERS,
    Roster,
    RosterPart,
)
from services.contracts.question import Nothing
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.local import locals_, number


class ServiceCourses:
    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        return await self._client.ask(caller, ENROLMENTS, Nothing())

    async def many(self, caller: Caller, ids: Sequence[CourseId]) -> Sequence[Course | Refused]:
        return await self._client.each(caller, COURSES, locals_(caller, Kind.COURSE, ids))

    async def outlines(
        self, caller: Caller, ids: Sequence[CourseId]
    ) -> Sequence[list[Module] | Refused]:
        return await self._client.each(caller, OUTLINES, locals_(caller, Kind.COURSE, ids))

    async def lessons(self, caller: Caller, ids: Sequence[LessonId]) -> Sequence[Lesson | Refused]:
        return await self._client.each(caller, LESSONS, locals_(caller, Kind.LESSON, ids))

    async def completed(
        self, caller: Caller, ids: Sequence[CourseId]
    ) -> Sequence[Completed | Refused]:
        return await self._client.each(caller, COMPLETED, locals_(caller, Kind.COURSE, ids))

    async def rosters(
        self, caller: Caller, ids: Sequence[CourseId], first: int, after: Key | None
    ) -> Sequence[Page[LearnerInCourse] | Refused]:
        seen = _seen(after)
        if seen is None:
            return [HIDDEN for _ in ids]
        courses = locals_(caller, Kind.COURSE, ids)
        known = [course for course in courses if course is not None]
        part = RosterPart(known, first, seen)
        answers = await self._client.items(caller, ROSTERS, part, len(known))
        rosters = iter(answers)
        return [
            HIDDEN if local is None else _page(course, next(rosters), behind=after is not None)
            for course, local in zip(ids, courses, strict=True)
        ]


def _seen(after: Key | None) -> int | None:
    """The user id that the page begins behind; a cursor's content is the client's word."""
    try:
        return number(decode(after[1]).local) if after else 0
    except BadId:
        return None


def _page(
    course: CourseId, roster: Roster | Refused, *, behind: bool
) -> Page[LearnerInCourse] | Refused:
    if isinstance(roster, Refused):
        return roster
    rows = [
        ((f"{user:020}", learner.id), LearnerInCourse(learner, course))
        for user, learner in roster.learners
    ]
    return page_of(rows, more=roster.more, behind=behind, total=roster.total)
