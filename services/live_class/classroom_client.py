"""Classes as they are held, from the live class service: the port Classrooms over HTTP."""

from collections.abc import Mapping, Sequence

from services.contracts import classroom_api as api
from services.contracts.classroom import (
    ClassDeed,
    ClassroomNews,
    ClassUpdated,
    JoinTicket,
    Quality,
    QualityAdvice,
    Room,
    SignalKind,
    SignalNews,
    SignalSent,
)
from services.contracts.errors import HIDDEN, Refused, UpstreamError, UpstreamMisbehaved
from services.contracts.ids import BreakoutId, Kind, LiveClassId, ParticipantId, UserId
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.live_class.naming import class_name, number_in


class ServiceClassrooms:
    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def rooms(
        self, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[Room | Refused | None]:
        named = [class_name(caller, one) for one in ids]
        known = [name for name in named if name is not None]
        if not known:
            return [HIDDEN for _ in ids]
        try:
            rooms = await self._client.ask(caller, api.ROOMS, api.Classes([*known]))
            if len(rooms) != len(known):
                raise UpstreamMisbehaved(f"{len(rooms)} rooms for {len(known)} classes")
        except UpstreamError as failed:
            why = self._client.told(failed)
            return [HIDDEN if name is None else why for name in named]
        found = iter(rooms)
        return [HIDDEN if name is None else next(found) for name in named]

    async def join(
        self, caller: Caller, live_class: LiveClassId, region: str | None, key: str
    ) -> JoinTicket | Refused:
        if (name := class_name(caller, live_class)) is None:
            return HIDDEN
        return await self._client.command(caller, api.JOIN, api.Join(name, region), key)

    async def act(
        self, caller: Caller, live_class: LiveClassId, deed: ClassDeed, key: str
    ) -> ClassUpdated | Refused:
        if (name := class_name(caller, live_class)) is None:
            return HIDDEN
        return await self._client.command(caller, api.ACT, api.Act(name, deed), key)

    async def open_breakouts(
        self, caller: Caller, live_class: LiveClassId, count: int, minutes: int, key: str
    ) -> ClassUpdated | Refused:
        if (name := class_name(caller, live_class)) is None:
            return HIDDEN
        said = api.OpenBreakouts(name, count, minutes)
        return await self._client.command(caller, api.OPEN_BREAKOUTS, said, key)

    async def move(
        self,
        caller: Caller,
        live_class: LiveClassId,
        participant: ParticipantId,
        breakout: BreakoutId | None,
        key: str,
    ) -> ClassUpdated | Refused:
        name = class_name(caller, live_class)
        user = number_in(caller, name, Kind.PARTICIPANT, participant)
        to = None if breakout is None else number_in(caller, name, Kind.BREAKOUT, breakout)
        if name is None or user is None or (breakout is not None and to is None):
            return HIDDEN
        said = api.Move(name, user, to)
        return await self._client.command(caller, api.MOVE, said, key)

    async def send(
        self,
        caller: Caller,
        live_class: LiveClassId,
        to: ParticipantId,
        kind: SignalKind,
        payload: str,
        key: str,
    ) -> SignalSent | Refused:
        name = class_name(caller, live_class)
        user = number_in(caller, name, Kind.PARTICIPANT, to)
        if name is None or user is None:
            return HIDDEN
        said = api.Send(name, user, kind, payload)
        return await self._client.command(caller, api.SEND, said, key)

    async def report(
        self, caller: Caller, live_class: LiveClassId, quality: Quality
    ) -> QualityAdvice | Refused:
        if (name := class_name(caller, live_class)) is None:
            return HIDDEN
        # Each report counts, also one that says the same again.
        key = f"{name} {caller.received_s}"
        return await self._client.command(caller, api.REPORT, api.Report(name, quality), key)

    async def changes(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> ClassroomNews | Refused:
        if (name := class_name(caller, live_class)) is None:
            return HIDDEN
        return await self._client.consult(caller, api.CHANGES, api.After(name, after))

    async def signals(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> SignalNews | Refused:
        if (name := class_name(caller, live_class)) is None:
            return HIDDEN
        return await self._client.consult(caller, api.SIGNALS, api.After(name, after))

    async def beat(
        self, caller: Caller, listening: Mapping[LiveClassId, Sequence[UserId]]
    ) -> int | Refused:
        users: dict[str, list[int]] = {
            name: [int(user) for user in there]
            for live_class, there in listening.items()
            if (name := class_name(caller, live_class)) is not None
        }
        counted = await self._client.consult(caller, api.BEATS, api.Beats(users))
        return counted if isinstance(counted, Refused) else counted.taken
