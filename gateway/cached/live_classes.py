"""The timetable, out of what is kept: until the next class of it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from gateway.cache.ages import Terms
from gateway.cache.shelf import Shelf
from gateway.cached.reader import About, Reader
from resolvers.ports import Each, LiveClasses
from services.contracts.changes import classes_tag, person_tag
from services.contracts.errors import Refused
from services.contracts.ids import CourseId, LiveClassId, decode
from services.contracts.live_class import LiveClass, LiveClassState
from services.kit.caller import Caller

TERMS = Terms(fresh_s=30, stale_s=0, error_s=120)
CLASS = Shelf[LiveClass]("live_class", LiveClass, TERMS)
OF_COURSE = Shelf[list[LiveClass]]("live_classes", list[LiveClass], TERMS)


class Span(NamedTuple):
    """Of a course; instants in UTC."""

    course: CourseId
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class CachedLiveClasses:
    source: LiveClasses
    reader: Reader

    async def of_courses(
        self,
        caller: Caller,
        courses: Sequence[CourseId],
        since: datetime | None,
        until: datetime | None,
    ) -> Each[list[LiveClass]]:
        async def ask(as_own: Caller, spans: Sequence[Span]) -> Each[list[LiveClass]]:
            wanted = [span.course for span in spans]
            return await self.source.of_courses(as_own, wanted, since, until)

        spans = [Span(course, since, until) for course in courses]
        return await self.reader.of_tenant(caller, OF_COURSE, spans, ask, _about_all)

    async def agenda(
        self, caller: Caller, since: datetime, until: datetime
    ) -> list[LiveClass] | Refused:
        return await self.source.agenda(caller, since, until)

    async def many(self, caller: Caller, ids: Sequence[LiveClassId]) -> Each[LiveClass]:
        return await self.reader.of_tenant(caller, CLASS, ids, self.source.many, _about)


def _about(_: LiveClassId, one: LiveClass) -> About:
    return _told_of(one.course_id, [one])


def _about_all(span: Span, classes: Sequence[LiveClass]) -> About:
    return _told_of(span.course, classes)


def _told_of(course: CourseId, classes: Sequence[LiveClass]) -> About:
    named = decode(course)
    teachers = {decode(one.teacher.id).local for one in classes if one.teacher}
    tags = [classes_tag(named.tenant, named.local)]
    tags += [person_tag(named.tenant, teacher) for teacher in sorted(teachers)]
    ends = [one.ends_at for one in classes if one.state is not LiveClassState.ENDED]
    return About(tags, until_ms=int(min(ends).timestamp() * 1e3) if ends else 0)
