"""Words for a live class as it is held: who is there, what is told, what one says to another."""

from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias

import msgspec

from services.contracts.freshness import Seen
from services.contracts.ids import BreakoutId, LiveClassId, ParticipantId
from services.contracts.learning import Role
from services.contracts.live_class import LiveClass, LiveClassState

Place = NewType("Place", str)
"""A cursor, as a client gives it: where they stand in what was told."""


class Participant(msgspec.Struct, frozen=True):
    """Somebody in a class; `region` is where their media come from, such as `eu-west`."""

    id: ParticipantId
    name: str
    role: Role
    region: str


class Hand(msgspec.Struct, frozen=True):
    participant_id: ParticipantId
    name: str
    raised_at: datetime


class Breakout(msgspec.Struct, frozen=True):
    """`ends_at` None: until it is closed."""

    id: BreakoutId
    name: str
    members: list[Participant]
    ends_at: datetime | None


class Room(msgspec.Struct, frozen=True):
    """A class that was opened; `present` is exact, `hands` are the first raised."""

    live_class: LiveClassId
    state: LiveClassState
    present: int
    hands: list[Hand]
    breakouts: list[Breakout]


class ClassDeed(StrEnum):
    """What one does to a class with no word beside its name."""

    START = "START"
    END = "END"
    LEAVE = "LEAVE"
    RAISE_HAND = "RAISE_HAND"
    LOWER_HAND = "LOWER_HAND"
    CLOSE_BREAKOUTS = "CLOSE_BREAKOUTS"


class ClassUpdated(msgspec.Struct, frozen=True):
    """Done; whoever has seen `seen` sees it."""

    live_class: LiveClass
    seen: Seen


class IceServer(msgspec.Struct, frozen=True):
    """As WebRTC wants it; `expires_at` is when the credential does."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None
    expires_at: datetime | None = None


class JoinTicket(msgspec.Struct, frozen=True):
    """All a client needs to be in the room, `wait_ms` from now on."""

    participant: Participant
    live_class: LiveClass
    ice_servers: list[IceServer]
    turn_region: str
    resume_token: str
    wait_ms: int


class SignalKind(StrEnum):
    OFFER = "OFFER"
    ANSWER = "ANSWER"
    CANDIDATE = "CANDIDATE"
    RENEGOTIATE = "RENEGOTIATE"
    BYE = "BYE"


class SignalSent(msgspec.Struct, frozen=True):
    """`cursor` is the signal's place in the mailbox of whom it was sent to."""

    cursor: str


class Signal(msgspec.Struct, frozen=True, tag=True):
    cursor: str
    sender: Participant
    kind: SignalKind
    payload: str
    sent_at: datetime


class Gap(msgspec.Struct, frozen=True, tag=True):
    """So many were dropped before `cursor`, as far as anybody knows: at least one."""

    cursor: str
    dropped: int


class ClassroomSnapshot(msgspec.Struct, frozen=True, tag=True):
    cursor: str
    live_class: LiveClass


class PresenceChanged(msgspec.Struct, frozen=True, tag=True):
    """`present` is exact; in a big room `joined` and `left` name some of them."""

    cursor: str
    present: int
    joined: list[Participant]
    left: list[ParticipantId]


class HandsChanged(msgspec.Struct, frozen=True, tag=True):
    cursor: str
    hands: list[Hand]


class BreakoutsChanged(msgspec.Struct, frozen=True, tag=True):
    cursor: str
    breakouts: list[Breakout]


class ClassStateChanged(msgspec.Struct, frozen=True, tag=True):
    cursor: str
    state: LiveClassState


ClassroomEvent: TypeAlias = (
    ClassroomSnapshot | PresenceChanged | HandsChanged | BreakoutsChanged | ClassStateChanged | Gap
)
SignalEvent: TypeAlias = Signal | Gap


class ClassroomNews(msgspec.Struct, frozen=True):
    """What was told behind a cursor; `cursor` is the place behind all of it.

    `is_over`: the class has ended, and nothing comes any more.
    """

    events: list[ClassroomEvent]
    cursor: str
    is_over: bool = False


class SignalNews(msgspec.Struct, frozen=True):
    """As ClassroomNews, of one mailbox."""

    events: list[SignalEvent]
    cursor: str
    is_over: bool = False


class Quality(msgspec.Struct, frozen=True):
    """What a client measured of its media."""

    rtt_ms: int
    loss_percent: float
    jitter_ms: int
    relayed: bool
    region: str
    downlink_kbps: int | None = None


class Advice(StrEnum):
    NONE = "NONE"
    AUDIO_ONLY = "AUDIO_ONLY"
    LOWER_LAYER = "LOWER_LAYER"
    OTHER_TURN_REGION = "OTHER_TURN_REGION"


class QualityAdvice(msgspec.Struct, frozen=True):
    """`turn_region` is the one to take, where another is better."""

    advice: Advice
    message: str
    turn_region: str | None = None
