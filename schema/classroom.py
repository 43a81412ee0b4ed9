"""Live classes as they are held: who is there, what they do, and what is told as it happens."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import in_class
from schema.binding import of, told
from schema.directives import about
from schema.errors import Refused
from schema.keeping import never_kept
from services.contracts import classroom as words
from services.contracts.freshness import ConsistencyToken
from services.contracts.learning import Role
from services.contracts.live_class import LiveClassState

if TYPE_CHECKING:
    from schema.live_class import LiveClass

AClass = Annotated["LiveClass", strawberry.lazy("schema.live_class")]

strawberry.enum(words.SignalKind)
strawberry.enum(words.Advice)


@strawberry.type(
    description="Somebody in a class; `region` is where their media come from.",
    directives=[never_kept()],
)
@of(words.Participant)
class Participant:
    id: strawberry.ID
    name: str
    role: Role
    region: str


@strawberry.type(directives=[never_kept()])
@of(words.Hand)
class Hand:
    participant_id: strawberry.ID
    name: str
    raised_at: datetime


@strawberry.type(
    description="A room beside the class; `endsAt` is null where it lasts until it is closed.",
    directives=[never_kept()],
)
@of(words.Breakout)
class Breakout:
    id: strawberry.ID
    name: str
    members: list[Participant] = strawberry.field(directives=[about(5)])
    ends_at: datetime | None


@strawberry.type(
    description="As WebRTC wants it; it is taken until `expiresAt`.", directives=[never_kept()]
)
@of(words.IceServer)
class IceServer:
    urls: list[str]
    username: str | None
    credential: str | None
    expires_at: datetime | None


@strawberry.type(
    description="All that a client needs to be in the room, `waitMs` from now on: when thousands "
    "join at once they are spread.",
    directives=[never_kept()],
)
@of(words.JoinTicket)
class JoinTicket:
    participant: Participant
    live_class: AClass
    ice_servers: list[IceServer] = strawberry.field(directives=[about(4)])
    turn_region: str
    resume_token: str
    wait_ms: int


@strawberry.type
@of(words.ClassUpdated)
class ClassUpdated:
    live_class: AClass
    token: ConsistencyToken = told(in_class.token)


@strawberry.type(description="`cursor` is the signal's place in the mailbox of whom it was for.")
@of(words.SignalSent)
class SignalSent:
    cursor: strawberry.ID


@strawberry.type(
    description="What would help; `turnRegion` is the one to take, where another is better."
)
@of(words.QualityAdvice)
class QualityAdvice:
    advice: words.Advice
    message: str = told(lambda ctx, one: ctx.say(one.message))
    turn_region: str | None


@strawberry.type(
    description="So many were dropped before `cursor`, as far as anybody knows: at least one.",
    directives=[never_kept()],
)
@of(words.Gap)
class Gap:
    cursor: strawberry.ID
    dropped: int


@strawberry.type(directives=[never_kept()])
@of(words.Signal)
class Signal:
    cursor: strawberry.ID
    sender: Participant = strawberry.field(name="from")
    kind: words.SignalKind
    payload: str
    sent_at: datetime


@strawberry.type(directives=[never_kept()])
@of(words.ClassroomSnapshot)
class ClassroomSnapshot:
    cursor: strawberry.ID
    live_class: AClass


@strawberry.type(
    description="`present` is exact; in a big room `joined` and `left` name some of them.",
    directives=[never_kept()],
)
@of(words.PresenceChanged)
class PresenceChanged:
    cursor: strawberry.ID
    present: int
    joined: list[Participant] = strawberry.field(directives=[about(20)])
    left: list[strawberry.ID]


@strawberry.type(directives=[never_kept()])
@of(words.HandsChanged)
class HandsChanged:
    cursor: strawberry.ID
    hands: list[Hand] = strawberry.field(directives=[about(20)])


@strawberry.type(directives=[never_kept()])
@of(words.BreakoutsChanged)
class BreakoutsChanged:
    cursor: strawberry.ID
    breakouts: list[Breakout] = strawberry.field(directives=[about(10)])


@strawberry.type(directives=[never_kept()])
@of(words.ClassStateChanged)
class ClassStateChanged:
    cursor: strawberry.ID
    state: LiveClassState


ClassroomEvent = Annotated[
    ClassroomSnapshot | PresenceChanged | HandsChanged | BreakoutsChanged | ClassStateChanged | Gap,
    strawberry.union(
        "ClassroomEvent",
        description="The first is a snapshot, unless `after` says where one was; then changes, "
        "batched when thousands come at once: the newest of a kind replaces the one before.",
    ),
]
SignalEvent = Annotated[Signal | Gap, strawberry.union("SignalEvent")]
JoinLiveClassResult = Annotated[JoinTicket | Refused, strawberry.union("JoinLiveClassResult")]
ClassResult = Annotated[ClassUpdated | Refused, strawberry.union("ClassResult")]
SendSignalResult = Annotated[SignalSent | Refused, strawberry.union("SendSignalResult")]
