"""The zone that a tenant's local times are meant in (LOCAL_TIMES)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from legacy import wire
from legacy.client import LegacyClient
from services.contracts.ids import TenantId
from services.kit.caller import Caller

FORMAT = "%Y-%m-%d %H:%M:%S"


class Zones:
    """A tenant's zone is asked for once: no tenant moves."""

    def __init__(self, client: LegacyClient) -> None:
        self._client = client
        self._known: dict[TenantId, ZoneInfo] = {}

    async def of(self, caller: Caller) -> ZoneInfo:
        """Raises LegacyRefusal or an UpstreamError."""
        tenant = caller.viewer.tenant
        if tenant not in self._known:
            me = await self._client.get(caller, "/me", wire.Me)
            self._known[tenant] = ZoneInfo(me.timezone)
        return self._known[tenant]


def to_utc(local: str, zone: ZoneInfo) -> datetime:
    """The instant meant; in an hour that comes twice, the first of the two."""
    return datetime.strptime(local, FORMAT).replace(tzinfo=zone).astimezone(UTC)


def to_local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime(FORMAT)
