"""The timetable, from the live class service: the port LiveClasses over HTTP."""

from collections.abc import Sequence
from datetime import datetime

from services.contracts.errors import HIDDEN, Refused, UpstreamError
from services.contracts.ids import CourseId, Kind, LiveClassId, Side
from services.contracts.live_class import LiveClass
from services.contracts.live_class_api import (
    AGENDA,
    CLASSES,
    OF_COURSES,
    Agenda,
    CoursesBetween,
    Names,
)
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.local import locals_
from services.live_class.naming import class_name


class ServiceLiveClasses:
    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def of_courses(
        self,
        caller: Caller,
        courses: Sequence[CourseId],
        since: datetime | None,
        until: datetime | None,
    ) -> Sequence[list[LiveClass] | Refused]:
        named = locals_(caller, Kind.COURSE, courses, Side.EITHER)
        known = [course for course in named if course is not None]
        bounds = [None if at is None else _second(at) for at in (since, until)]
        said = CoursesBetween(known, *bounds)
        answers = await self._client.items(caller, OF_COURSES, said, len(known))
        found = iter(answers)
        return [HIDDEN if course is None else next(found) for course in named]

    async def agenda(
        self, caller: Caller, since: datetime, until: datetime
    ) -> list[LiveClass] | Refused:
        said = Agenda(_second(since), _second(until))
        try:
            return await self._client.ask(caller, AGENDA, said)
        except UpstreamError as failed:
            return self._client.told(failed)

    async def many(
        self, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[LiveClass | Refused]:
        named = [class_name(caller, one) for one in ids]
        known = [name for name in named if name is not None]
        answers = await self._client.items(caller, CLASSES, Names([*known]), len(known))
        found = iter(answers)
        return [HIDDEN if name is None else next(found) for name in named]


def _second(moment: datetime) -> datetime:
    """Bounds count in whole seconds, as the monolith takes them."""
    return moment.replace(microsecond=0)
