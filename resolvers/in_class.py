"""Does what one does in a live class: what is said is checked, then the class's side is asked."""

from collections.abc import Awaitable, Callable

from resolvers.context import Context
from resolvers.said import BAD_KEY, is_key
from resolvers.said_in_class import (
    wrong_with_entry,
    wrong_with_quality,
    wrong_with_signal,
)
from services.contracts.classroom import (
    ClassDeed,
    ClassUpdated,
    JoinTicket,
    Quality,
    QualityAdvice,
    SignalKind,
    SignalSent,
)
from services.contracts.errors import Refused
from services.contracts.freshness import ConsistencyToken
from services.contracts.ids import BreakoutId, LiveClassId, ParticipantId

Acts = Callable[[Context, LiveClassId, str], Awaitable[ClassUpdated | Refused]]


async def join(
    ctx: Context, class_id: LiveClassId, key: str, region: str | None = None
) -> JoinTicket | Refused:
    wrong = wrong_with_entry(region, key)
    return wrong or await ctx.sources.classrooms.join(ctx.caller, class_id, region, key)


def acting(deed: ClassDeed) -> Acts:
    async def act(ctx: Context, class_id: LiveClassId, key: str) -> ClassUpdated | Refused:
        if not is_key(key):
            return BAD_KEY
        done = await ctx.sources.classrooms.act(ctx.caller, class_id, deed, key)
        return _witnessed(ctx, done)

    return act


async def open_breakouts(
    ctx: Context, class_id: LiveClassId, count: int, minutes: int, key: str
) -> ClassUpdated | Refused:
    if not is_key(key):
        return BAD_KEY
    rooms = ctx.sources.classrooms
    done = await rooms.open_breakouts(ctx.caller, class_id, count, minutes, key)
    return _witnessed(ctx, done)


async def move(
    ctx: Context,
    class_id: LiveClassId,
    participant_id: ParticipantId,
    key: str,
    breakout_id: BreakoutId | None = None,
) -> ClassUpdated | Refused:
    if not is_key(key):
        return BAD_KEY
    rooms = ctx.sources.classrooms
    done = await rooms.move(ctx.caller, class_id, participant_id, breakout_id, key)
    return _witnessed(ctx, done)


async def send(
    ctx: Context,
    class_id: LiveClassId,
    to: ParticipantId,
    kind: SignalKind,
    payload: str,
    key: str,
) -> SignalSent | Refused:
    wrong = wrong_with_signal(payload, key)
    rooms = ctx.sources.classrooms
    return wrong or await rooms.send(ctx.caller, class_id, to, kind, payload, key)


async def report(
    ctx: Context,
    class_id: LiveClassId,
    rtt_ms: int,
    loss_percent: float,
    jitter_ms: int,
    relayed: bool,
    region: str,
    downlink_kbps: int | None = None,
) -> QualityAdvice | Refused:
    said = Quality(rtt_ms, loss_percent, jitter_ms, relayed, region, downlink_kbps)
    wrong = wrong_with_quality(said)
    return wrong or await ctx.sources.classrooms.report(ctx.caller, class_id, said)


def token(ctx: Context, done: ClassUpdated) -> ConsistencyToken:
    return ctx.consistency.token(done.seen)


def _witnessed(ctx: Context, done: ClassUpdated | Refused) -> ClassUpdated | Refused:
    """Whoever did this has seen the class as it is now."""
    if isinstance(done, ClassUpdated):
        ctx.sight.writes(done.seen)
    return done
