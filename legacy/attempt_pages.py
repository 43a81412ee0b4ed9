"""The monolith's pages about attempts; each with the assessment as it is now."""

from legacy import wire
from legacy.attempt_id import Named
from legacy.client import LegacyClient
from legacy.fanout import both
from legacy.paper import Paper
from legacy.zones import Zones
from services.kit.caller import Caller


class AttemptPages:
    """Raises LegacyRefusal or an UpstreamError. Nothing is kept: questions may be edited."""

    def __init__(self, client: LegacyClient, zones: Zones) -> None:
        self._client = client
        self._zones = zones

    async def _paper(self, caller: Caller, assessment: str) -> Paper:
        page = self._client.get(caller, f"/assessments/{assessment}", wire.Paper)
        zone, found = await both(self._zones.of(caller), page)
        return Paper(caller.viewer.tenant, zone, found)

    async def _mine(self, caller: Caller, assessment: str) -> list[wire.Attempt]:
        path = f"/assessments/{assessment}/attempts"
        return (await self._client.get(caller, path, wire.Attempts)).attempts

    async def _attempt(self, caller: Caller, named: Named) -> tuple[Paper, wire.Attempt]:
        page = self._client.get(caller, f"/attempts/{named}", wire.Attempt)
        return await both(self._paper(caller, named.assessment), page)
