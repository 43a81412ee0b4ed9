"""Live classes as they are held: what the resolvers need of the side that a class is on.

Whoever may not see a class, or do a thing in it, is refused by that side: it knows the class's
course. A class that a side does not have, or could never do this to, is refused as well.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

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


class Classrooms(Protocol):
    """News of a class are told on `classroom_topic`, of a mailbox on `signals_topic`: what they
    are is read by `changes` and `signals`, as often as one is told, and sometimes in vain.
    """

    async def rooms(
        self, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[Room | Refused | None]:
        """One for each id, in order; None where nobody has opened it on this side."""

    async def join(
        self, caller: Caller, live_class: LiveClassId, region: str | None, key: str
    ) -> JoinTicket | Refused:
        """Opens the class too, for the first who may."""

    async def act(
        self, caller: Caller, live_class: LiveClassId, deed: ClassDeed, key: str
    ) -> ClassUpdated | Refused: ...

    async def open_breakouts(
        self, caller: Caller, live_class: LiveClassId, count: int, minutes: int, key: str
    ) -> ClassUpdated | Refused: ...

    async def move(
        self,
        caller: Caller,
        live_class: LiveClassId,
        participant: ParticipantId,
        breakout: BreakoutId | None,
        key: str,
    ) -> ClassUpdated | Refused:
        """Into a breakout of this class; None: back to the class."""

    async def send(
        self,
        caller: Caller,
        live_class: LiveClassId,
        to: ParticipantId,
        kind: SignalKind,
        payload: str,
        key: str,
    ) -> SignalSent | Refused: ...

    async def report(
        self, caller: Caller, live_class: LiveClassId, quality: Quality
    ) -> QualityAdvice | Refused: ...

    async def changes(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> ClassroomNews | Refused:
        """What is new behind the cursor; a snapshot where there is none."""

    async def signals(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> SignalNews | Refused:
        """The caller's own mailbox, from the cursor on; what lies there where there is none."""

    async def beat(
        self, caller: Caller, listening: Mapping[LiveClassId, Sequence[UserId]]
    ) -> int | Refused:
        """Those who listen now, of one tenant, whom the caller speaks for being nobody himself;
        how many beats were taken.
        """
