"""The timetable of a fake platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.contracts.errors import Refused
from services.contracts.ids import CourseId, LiveClassId
from services.contracts.live_class import LiveClass
from services.kit.caller import Caller
from tests.fakes.platform import FakePlatform, owner_of


@dataclass
class FakeLiveClasses:
    platform: FakePlatform

    async def of_courses(
        self,
        caller: Caller,
        courses: Sequence[CourseId],
        since: datetime | None,
        until: datetime | None,
    ) -> Sequence[list[LiveClass] | Refused]:
        self.platform.calls["live_classes.of_courses"] += 1

        def find(course: CourseId) -> list[LiveClass] | None:
            if course not in self.platform.courses:
                return None
            return self._between([course], since, until)

        return self.platform.each(courses, find)

    async def agenda(
        self, caller: Caller, since: datetime, until: datetime
    ) -> list[LiveClass] | Refused:
        self.platform.calls["live_classes.agenda"] += 1
        owner = owner_of(caller.viewer)
        mine = [course for course, takers in self.platform.enrolled.items() if owner in takers]
        return self._between(mine, since, until)

    def _between(
        self, courses: Sequence[CourseId], since: datetime | None, until: datetime | None
    ) -> list[LiveClass]:
        found = [
            one
            for one in self.platform.live_classes.values()
            if one.course_id in courses
            and (since is None or one.starts_at >= since)
            and (until is None or one.starts_at < until)
        ]
        return sorted(found, key=lambda one: one.starts_at)

    async def many(
        self, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[LiveClass | Refused]:
        self.platform.calls["live_classes.many"] += 1
        return self.platform.each(ids, self.platform.live_classes.get)
