"""Classes as they are held, the old way: state and hands by polling, and nothing beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace as replaced

from msgspec.structs import replace

from legacy import translate, wire
from legacy.classroom_news import news
from legacy.client import LegacyClient
from legacy.fanout import both, each, one
from legacy.rooms import a_participant, a_room, state_of
from legacy.zones import Zones
from services.contracts.classroom import (
    ClassDeed,
    ClassroomNews,
    ClassUpdated,
    JoinTicket,
    Quality,
    Room,
    SignalKind,
)
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import BreakoutId, LiveClassId, ParticipantId, Side, UserId
from services.contracts.live_class import LiveClass
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import Clock

NO_BREAKOUTS = Refused(
    ErrorCode.INVALID, "This class is held on the old side, which has no breakout rooms."
)
NO_SIGNALS = Refused(ErrorCode.INVALID, "This class is held on the old side, which has no signals.")
NO_QUALITY = Refused(
    ErrorCode.INVALID, "This class is held on the old side, which gives no advice on quality."
)
VERBS = {
    ClassDeed.START: "start",
    ClassDeed.END: "end",
    ClassDeed.LEAVE: "leave",
    ClassDeed.RAISE_HAND: "hand/raise",
    ClassDeed.LOWER_HAND: "hand/lower",
}


class LegacyClassrooms:
    """Every deed may be sent again by nature, so its key says nothing to the monolith (NO_KEYS)."""

    def __init__(self, client: LegacyClient, zones: Zones, clock: Clock) -> None:
        self._client = client
        self._zones = zones
        self._clock = clock

    async def rooms(
        self, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[Room | Refused | None]:
        async def fetch(live_class: LiveClassId) -> Room | None:
            zone, found = await both(self._zones.of(caller), self._poll(caller, live_class))
            return a_room(caller.viewer.tenant, zone, live_class, found)

        return await each(ids, fetch)

    async def join(
        self, caller: Caller, live_class: LiveClassId, region: str | None, key: str
    ) -> JoinTicket | Refused:
        return await one(self._join(caller, live_class, region or ""))

    async def act(
        self, caller: Caller, live_class: LiveClassId, deed: ClassDeed, key: str
    ) -> ClassUpdated | Refused:
        verb = VERBS.get(deed)
        if verb is None:
            return NO_BREAKOUTS
        return await one(self._act(caller, live_class, verb))

    async def open_breakouts(
        self, caller: Caller, live_class: LiveClassId, count: int, minutes: int, key: str
    ) -> Refused:
        return NO_BREAKOUTS

    async def move(
        self,
        caller: Caller,
        live_class: LiveClassId,
        participant: ParticipantId,
        breakout: BreakoutId | None,
        key: str,
    ) -> Refused:
        return NO_BREAKOUTS

    async def send(
        self,
        caller: Caller,
        live_class: LiveClassId,
        to: ParticipantId,
        kind: SignalKind,
        payload: str,
        key: str,
    ) -> Refused:
        return NO_SIGNALS

    async def report(self, caller: Caller, live_class: LiveClassId, quality: Quality) -> Refused:
        return NO_QUALITY

    async def changes(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> ClassroomNews | Refused:
        """To poll is to be there (PRESENT_IS_WHO_POLLS)."""
        return await one(self._changes(caller, live_class, after))

    async def signals(self, caller: Caller, live_class: LiveClassId, after: str | None) -> Refused:
        return NO_SIGNALS

    async def beat(
        self, caller: Caller, listening: Mapping[LiveClassId, Sequence[UserId]]
    ) -> int | Refused:
        """To be there is to poll, for each who listens (PRESENT_IS_WHO_POLLS)."""
        tenant, taken = caller.viewer.tenant, 0
        for live_class, users in listening.items():
            for user in users:
                own = replaced(caller, viewer=Viewer(tenant, user, frozenset()))
                taken += isinstance(await one(self._poll(own, live_class)), wire.Room)
        return taken

    async def _join(self, caller: Caller, live_class: LiveClassId, region: str) -> JoinTicket:
        found = await self._do(caller, live_class, "join")
        [own] = [who for who in found.people if str(who.id) == caller.viewer.user]
        participant = a_participant(caller.viewer.tenant, live_class, own)
        shown = await self._shown(caller, live_class, found)
        return JoinTicket(replace(participant, region=region), shown, [], "", "", 0)

    async def _act(self, caller: Caller, live_class: LiveClassId, verb: str) -> ClassUpdated:
        found = await self._do(caller, live_class, verb)
        return ClassUpdated(await self._shown(caller, live_class, found), {})

    async def _changes(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> ClassroomNews:
        zone, found = await both(self._zones.of(caller), self._poll(caller, live_class))
        shown = await self._shown(caller, live_class, found)
        return news(shown, a_room(caller.viewer.tenant, zone, live_class, found), found, after)

    async def _do(self, caller: Caller, live_class: LiveClassId, verb: str) -> wire.Room:
        own = translate.local(live_class, Side.LEGACY)
        return await self._client.post(caller, f"/classes/{own}/{verb}", {}, wire.Room)

    async def _poll(self, caller: Caller, live_class: LiveClassId) -> wire.Room:
        own = translate.local(live_class, Side.LEGACY)
        return await self._client.get(caller, f"/classes/{own}/room", wire.Room)

    async def _shown(self, caller: Caller, live_class: LiveClassId, room: wire.Room) -> LiveClass:
        """As the timetable has it, in the state that it is held in."""
        own = translate.local(live_class, Side.LEGACY)
        zone, found = await both(
            self._zones.of(caller), self._client.get(caller, f"/classes/{own}", wire.LiveClass)
        )
        shown = translate.a_live_class(caller.viewer.tenant, zone, self._clock.now(), found)
        state = state_of(room)
        return replace(shown, state=state) if state else shown
