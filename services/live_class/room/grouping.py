"""A teacher spreads learners over breakout rooms, and moves one of them."""

from services.commands.bus import Handler
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.class_events import BreakoutEntered, BreakoutsHeld
from services.contracts.classroom import ClassUpdated
from services.contracts.classroom_api import Move, OpenBreakouts
from services.contracts.errors import HIDDEN
from services.live_class.room import breakouts, deciding, presence, rooms
from services.live_class.room.beats import Beats
from services.live_class.room.deciding import NO_BREAKOUT
from services.live_class.room.doing import agreed, updated
from services.live_class.room.held import Held, reach_as_teacher
from services.live_class.room.presence import Silent


def opening(beats: Beats) -> Handler[OpenBreakouts, ClassUpdated]:
    async def open_(work: UnitOfWork, command: OpenBreakouts) -> ClassUpdated:
        held = await reach_as_teacher(work.db, work.actor, command.live_class)
        if (no := deciding.breakouts(command.count, command.minutes)) is not None:
            raise Refusal(no)
        silent = await beats.silent(*held.place.key)
        return await _open(work, held, command, silent)

    return Handler("open_breakouts", open_, ClassUpdated)


async def _open(
    work: UnitOfWork, held: Held, command: OpenBreakouts, silent: Silent
) -> ClassUpdated:
    """Who is there is as the room's lock finds it: those who come later are in no breakout."""
    place = held.place
    state = agreed(deciding.going_on(await rooms.lock(work.db, place)))
    ends_at = await breakouts.open_(work.db, *place.key, command.count, command.minutes)
    learners = await presence.learners(work.db, *place.key, silent)
    await breakouts.spread(work.db, *place.key, deciding.spread(learners, command.count))
    opened = BreakoutsHeld(place.live_class, place.course, command.count, ends_at)
    return updated(held, state, room=await rooms.regroup(work, place, opened))


async def move(work: UnitOfWork, command: Move) -> ClassUpdated:
    held = await reach_as_teacher(work.db, work.actor, command.live_class)
    place, number = held.place, command.breakout
    state = agreed(deciding.going_on(await rooms.lock(work.db, place)))
    if number is not None and not await breakouts.is_there(work.db, *place.key, number):
        raise Refusal(NO_BREAKOUT)
    if not await breakouts.move(work.db, *place.key, command.user, number):
        raise Refusal(HIDDEN)
    moved = BreakoutEntered(place.live_class, place.course, command.user, number)
    return updated(held, state, room=await rooms.regroup(work, place, moved))


MOVE = Handler("move", move, ClassUpdated)
