"""The zone that a tenant's local times are meant in (LOCAL_TIMES)."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from legacy import wire
from legacy.client import LegacyClient
from services.contracts.ids import TenantId
from services.kit.caller import Caller
from services.kit.once import flight

FORMAT = "%Y-%m-%d %H:%M:%S"
LENGTH = len("2026-03-01 09:00:00")


class Zones:
    """A tenant's zone is asked for once: no tenant moves.

    Until it is known each request asks for itself, once for all that waits for it there.
    """

    def __init__(self, client: LegacyClient) -> None:
        self._client = client
        self._known: dict[TenantId, ZoneInfo] = {}
        self._asking: dict[Caller, asyncio.Task[ZoneInfo]] = {}

    async def of(self, caller: Caller) -> ZoneInfo:
        """Raises LegacyRefusal or an UpstreamError."""
        if known := self._known.get(caller.viewer.tenant):
            return known
        return await asyncio.shield(self._asked(caller))

    def _asked(self, caller: Caller) -> asyncio.Task[ZoneInfo]:
        """Nobody has to end the task: its caller's deadline does."""
        if caller not in self._asking:
            task = self._asking[caller] = flight(self._ask(caller), "legacy zone")
            task.add_done_callback(lambda _: self._asking.pop(caller))
        return self._asking[caller]

    async def _ask(self, caller: Caller) -> ZoneInfo:
        me = await self._client.get(caller, "/me", wire.Me)
        return self._known.setdefault(caller.viewer.tenant, ZoneInfo(me.timezone))


def to_utc(local: str, zone: ZoneInfo) -> datetime:
    """The instant meant; in an hour that comes twice, the first of the two."""
    # strptime would be the dearest function of a dashboard (`bench/dashboard`).
    meant = datetime.fromisoformat(local)
    if len(local) != LENGTH or meant.tzinfo is not None:
        raise ValueError(f"{local!r} is no local time")
    return meant.replace(tzinfo=zone).astimezone(UTC)


def to_local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime(FORMAT)


def later(local: str, by: timedelta) -> str:
    """What the clock on the wall shows then, if nobody moves its hands meanwhile."""
    return (datetime.fromisoformat(local) + by).strftime(FORMAT)
