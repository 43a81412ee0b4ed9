"""Classes as they are held, each on its side: the port Classrooms over both."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flags.names import Side
from flags.route import pick
from gateway.classroom.whose import Whose
from resolvers.classrooms import Classrooms
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
from services.contracts.errors import Refused
from services.contracts.ids import BreakoutId, LiveClassId, ParticipantId, UserId
from services.kit.caller import Caller

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RoutedClassrooms:
    whose: Whose

    async def rooms(
        self, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[Room | Refused | None]:
        """Of each side at once, all that are its own."""
        sides = await self.whose.shown(ids)
        asked = [side for side in Side if side in sides]
        found: dict[LiveClassId, Room | Refused | None] = {}
        for part in await asyncio.gather(
            *(self._rooms_of(side, caller, ids, sides) for side in asked)
        ):
            found |= part
        return [found[one] for one in ids]

    async def _rooms_of(
        self, side: Side, caller: Caller, ids: Sequence[LiveClassId], sides: Sequence[Side]
    ) -> dict[LiveClassId, Room | Refused | None]:
        own = [one for one, its in zip(ids, sides, strict=True) if its is side]
        return dict(zip(own, await self._of(side).rooms(caller, own), strict=True))

    async def join(
        self, caller: Caller, live_class: LiveClassId, region: str | None, key: str
    ) -> JoinTicket | Refused:
        side = await self.whose.opening(caller, live_class)
        if isinstance(side, Refused):
            return side
        return await self._of(side).join(caller, live_class, region, key)

    async def act(
        self, caller: Caller, live_class: LiveClassId, deed: ClassDeed, key: str
    ) -> ClassUpdated | Refused:
        opens = deed is ClassDeed.START
        find = self.whose.opening if opens else self.whose.held
        side = await find(caller, live_class)
        if isinstance(side, Refused):
            return side
        return await self._of(side).act(caller, live_class, deed, key)

    async def open_breakouts(
        self, caller: Caller, live_class: LiveClassId, count: int, minutes: int, key: str
    ) -> ClassUpdated | Refused:
        return await self._held(
            caller,
            live_class,
            lambda rooms: rooms.open_breakouts(caller, live_class, count, minutes, key),
        )

    async def move(
        self,
        caller: Caller,
        live_class: LiveClassId,
        participant: ParticipantId,
        breakout: BreakoutId | None,
        key: str,
    ) -> ClassUpdated | Refused:
        return await self._held(
            caller,
            live_class,
            lambda rooms: rooms.move(caller, live_class, participant, breakout, key),
        )

    async def send(
        self,
        caller: Caller,
        live_class: LiveClassId,
        to: ParticipantId,
        kind: SignalKind,
        payload: str,
        key: str,
    ) -> SignalSent | Refused:
        return await self._held(
            caller, live_class, lambda rooms: rooms.send(caller, live_class, to, kind, payload, key)
        )

    async def report(
        self, caller: Caller, live_class: LiveClassId, quality: Quality
    ) -> QualityAdvice | Refused:
        return await self._held(
            caller, live_class, lambda rooms: rooms.report(caller, live_class, quality)
        )

    async def changes(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> ClassroomNews | Refused:
        return await self._held(
            caller, live_class, lambda rooms: rooms.changes(caller, live_class, after)
        )

    async def signals(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> SignalNews | Refused:
        return await self._held(
            caller, live_class, lambda rooms: rooms.signals(caller, live_class, after)
        )

    async def beat(
        self, caller: Caller, listening: Mapping[LiveClassId, Sequence[UserId]]
    ) -> int | Refused:
        """Each side is told of its own; that one cannot be told is no loss to the other."""
        sides = await self.whose.shown(list(listening))
        taken = 0
        for side in set(sides):
            own = {
                one: listening[one]
                for one, its in zip(listening, sides, strict=True)
                if its is side
            }
            said = await self._of(side).beat(caller, own)
            taken += 0 if isinstance(said, Refused) else said
        return taken

    async def _held(
        self,
        caller: Caller,
        live_class: LiveClassId,
        ask: Callable[[Classrooms], Awaitable[T | Refused]],
    ) -> T | Refused:
        side = await self.whose.held(caller, live_class)
        return side if isinstance(side, Refused) else await ask(self._of(side))

    def _of(self, side: Side) -> Classrooms:
        return pick(side, legacy=self.whose.legacy, service=self.whose.service)
