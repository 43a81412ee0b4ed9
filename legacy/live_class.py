"""The timetable, the old way."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from legacy import translate, wire
from legacy.client import LegacyClient
from legacy.fanout import each, one
from legacy.zones import Zones, to_local
from services.contracts.errors import Refused
from services.contracts.ids import CourseId, LiveClassId, Side
from services.contracts.live_class import LiveClass
from services.kit.caller import Caller
from services.kit.clock import Clock


class LegacyLiveClasses:
    def __init__(self, client: LegacyClient, zones: Zones, clock: Clock) -> None:
        self._client = client
        self._zones = zones
        self._clock = clock

    async def of_courses(
        self,
        caller: Caller,
        courses: Sequence[CourseId],
        since: datetime | None,
        until: datetime | None,
    ) -> Sequence[list[LiveClass] | Refused]:
        async def fetch(course: CourseId) -> list[LiveClass]:
            path = f"/courses/{translate.local(course)}/classes"
            return await self._classes(caller, path, since, until)

        return await each(courses, fetch)

    async def agenda(
        self, caller: Caller, since: datetime, until: datetime
    ) -> list[LiveClass] | Refused:
        return await one(self._classes(caller, "/my/agenda", since, until))

    async def many(
        self, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[LiveClass | Refused]:
        async def fetch(live_class: LiveClassId) -> LiveClass:
            zone = await self._zones.of(caller)
            path = f"/classes/{translate.local(live_class, Side.LEGACY)}"
            found = await self._client.get(caller, path, wire.LiveClass)
            now = self._clock.now()
            return translate.a_live_class(caller.viewer.tenant, zone, now, found)

        return await each(ids, fetch)

    async def _classes(
        self, caller: Caller, path: str, since: datetime | None, until: datetime | None
    ) -> list[LiveClass]:
        zone = await self._zones.of(caller)
        span = {"from": since, "to": until}
        query = urlencode({name: to_local(at, zone) for name, at in span.items() if at})
        found = await self._client.get(caller, f"{path}?{query}", wire.LiveClasses)
        tenant, now = caller.viewer.tenant, self._clock.now()
        return [translate.a_live_class(tenant, zone, now, one) for one in found.classes]
