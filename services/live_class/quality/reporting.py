"""Takes what a client measured of its media: counts it, heeds it, and advises."""

import asyncpg
from starlette.responses import Response
from starlette.routing import Route

from services.commands.answering import status_of
from services.commands.refusal import UNABLE
from services.contracts.classroom import Quality, QualityAdvice
from services.contracts.classroom_api import REPORT, Report
from services.contracts.errors import HIDDEN, Refused
from services.contracts.viewer import Viewer
from services.kit.answering import Asking, as_json, route
from services.live_class.entrance.entrance import Entrance, who_in
from services.live_class.quality.advice import Surroundings, advice
from services.live_class.quality.counts import MediaCounts
from services.live_class.signalling.people import People

FULL = (TimeoutError, asyncpg.InsufficientResourcesError, asyncpg.QueryCanceledError)


class Reporting:
    def __init__(self, entrance: Entrance, people: People, counts: MediaCounts) -> None:
        self._entrance = entrance
        self._people = people
        self._counts = counts

    async def report(self, viewer: Viewer, said: Report) -> QualityAdvice | Refused:
        """Of those who are in the class; what they say counts in the next placements."""
        user = int(viewer.user)
        try:
            there = await self._people.of(viewer.tenant, said.live_class, [user])
        except FULL:
            return UNABLE
        if user not in there.people:
            return HIDDEN
        who = who_in(viewer.tenant, said.live_class, user)
        return await self._heeded(said.quality, who, there.people[user].region)

    async def _heeded(self, quality: Quality, who: str, here: str) -> QualityAdvice:
        loads, atlas = self._entrance.loads, self._entrance.atlas
        known = quality.region if quality.region in atlas.regions else None
        around = Surroundings(atlas, await loads.now(), here)
        given = advice(quality, around)
        await loads.heard(quality.region, who, quality)
        self._counts.add(quality, known, given.advice)
        return given


def quality_route(reporting: Reporting, service: str) -> Route:
    async def answer(asking: Asking[Report]) -> Response:
        found = await reporting.report(asking.viewer, asking.said)
        return as_json(found, status_of(found) if isinstance(found, Refused) else 200)

    return route(REPORT, answer, service)
