"""What one does in a class: a deed, and the reply that it comes to."""

from collections.abc import Awaitable, Callable

from services.commands.bus import Handler
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.classroom import ClassDeed, ClassUpdated
from services.contracts.classroom_api import Act
from services.contracts.errors import FORBIDDEN, Refused
from services.contracts.live_class import LiveClassState
from services.live_class.room import deciding, people, rooms
from services.live_class.room.deciding import ELSEWHERE, NOT_JOINED
from services.live_class.room.held import Held, reach
from services.live_class.room.names import participant_stream, room_stream

State = LiveClassState
Deed = Callable[[UnitOfWork, Held], Awaitable[ClassUpdated]]


async def act(work: UnitOfWork, command: Act) -> ClassUpdated:
    held = await reach(work.db, work.actor, command.live_class)
    if command.deed in OF_TEACHERS:
        if not held.standing.teaches:
            raise Refusal(FORBIDDEN)
        return await OF_TEACHERS[command.deed](work, held)
    return await OF_ALL[command.deed](work, held)


async def opened(work: UnitOfWork, held: Held) -> None:
    """By the first who may, unless it is open on the other side: there it stays."""
    if held.state is not None:
        return
    if held.is_elsewhere:
        raise Refusal(ELSEWHERE)
    await rooms.open_(work, held.place, held.hours)


async def start(work: UnitOfWork, held: Held) -> ClassUpdated:
    agreed(deciding.started(held.state, held.hours))
    await opened(work, held)
    before = await rooms.lock(work.db, held.place)
    after = agreed(deciding.started(before, held.hours))
    return await _become(work, held, before, after, rooms.start)


async def end(work: UnitOfWork, held: Held) -> ClassUpdated:
    before = await rooms.lock(work.db, held.place)
    after = agreed(deciding.ended(before))
    return await _become(work, held, before, after, rooms.end)


async def close_breakouts(work: UnitOfWork, held: Held) -> ClassUpdated:
    state = agreed(deciding.going_on(await rooms.lock(work.db, held.place)))
    return updated(held, state, room=await rooms.close_breakouts(work, held.place))


async def leave(work: UnitOfWork, held: Held) -> ClassUpdated:
    return await _alone(work, held, people.leave)


async def raise_hand(work: UnitOfWork, held: Held) -> ClassUpdated:
    agreed(deciding.going_on(held.state))
    if not held.has_joined:
        raise Refusal(NOT_JOINED)
    return await _alone(work, held, people.raise_hand)


async def lower_hand(work: UnitOfWork, held: Held) -> ClassUpdated:
    return await _alone(work, held, people.lower_hand)


def agreed(decision: State | Refused) -> State:
    """Raises Refusal."""
    if isinstance(decision, Refused):
        raise Refusal(decision)
    return decision


def updated(
    held: Held, state: State, *, room: int | None = None, own: int | None = None
) -> ClassUpdated:
    """`room` and `own` are versions of the room's stream and of their own."""
    key = held.place.key
    versions = {room_stream(*key): room, participant_stream(*key, held.user): own}
    seen = {f"live_class:{stream}": it for stream, it in versions.items() if it is not None}
    return ClassUpdated(held.shown(state), seen)


async def _become(
    work: UnitOfWork,
    held: Held,
    before: State | None,
    after: State,
    do: Callable[[UnitOfWork, rooms.Place], Awaitable[int]],
) -> ClassUpdated:
    """Nothing is done where it is so already."""
    step = rooms.told if before is after else do
    return updated(held, after, room=await step(work, held.place))


async def _alone(
    work: UnitOfWork, held: Held, write: Callable[[UnitOfWork, Held], Awaitable[int]]
) -> ClassUpdated:
    """What concerns their own rows alone: nobody waits for the room."""
    state = agreed(deciding.going_on(held.state))
    return updated(held, state, own=await write(work, held))


OF_TEACHERS: dict[ClassDeed, Deed] = {
    ClassDeed.START: start,
    ClassDeed.END: end,
    ClassDeed.CLOSE_BREAKOUTS: close_breakouts,
}
OF_ALL: dict[ClassDeed, Deed] = {
    ClassDeed.LEAVE: leave,
    ClassDeed.RAISE_HAND: raise_hand,
    ClassDeed.LOWER_HAND: lower_hand,
}
ACT = Handler("act", act, ClassUpdated)
