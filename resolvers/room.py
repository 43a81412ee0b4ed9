"""Answers for live classes as they stand: their state, who is there, hands and breakouts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from aiodataloader import DataLoader

from resolvers.context import Context
from services.contracts.classroom import Breakout, Hand, Room
from services.contracts.errors import Refused
from services.contracts.live_class import LiveClass, LiveClassState

AHEAD = timedelta(days=1)
"""Nobody opens a class earlier, or looks into one that has been over for longer."""


async def states(ctx: Context, classes: Sequence[LiveClass]) -> list[LiveClassState]:
    """As the room says; by the timetable where nobody opened it, or its side cannot be asked."""
    now = ctx.clock.now()
    return [
        room.state if isinstance(room, Room) else _by_the_timetable(one, now)
        for one, room in zip(classes, await _rooms(ctx, classes), strict=True)
    ]


def _by_the_timetable(one: LiveClass, now: datetime) -> LiveClassState:
    return LiveClassState.ENDED if one.ends_at <= now else LiveClassState.SCHEDULED


async def present(ctx: Context, classes: Sequence[LiveClass]) -> list[int | Refused | None]:
    rooms = await _rooms(ctx, classes)
    return [room.present if isinstance(room, Room) else room for room in rooms]


async def hands(ctx: Context, classes: Sequence[LiveClass]) -> list[list[Hand] | Refused | None]:
    rooms = await _rooms(ctx, classes)
    return [room.hands if isinstance(room, Room) else room for room in rooms]


async def breakouts(
    ctx: Context, classes: Sequence[LiveClass]
) -> list[list[Breakout] | Refused | None]:
    rooms = await _rooms(ctx, classes)
    return [room.breakouts if isinstance(room, Room) else room for room in rooms]


async def _rooms(ctx: Context, classes: Sequence[LiveClass]) -> list[Room | Refused | None]:
    """Asked for once by all fields of one level that are made of them."""
    loader = ctx.loaders.get(_rooms)
    if loader is None:
        loader = ctx.loaders[_rooms] = DataLoader(partial(_rooms_of, ctx), cache=False)
    return list(await loader.load_many(classes))


async def _rooms_of(ctx: Context, classes: list[LiveClass]) -> list[Room | Refused | None]:
    now = ctx.clock.now()
    near = [one.id for one in classes if one.starts_at - AHEAD <= now <= one.ends_at + AHEAD]
    ids = list(dict.fromkeys(near))
    rooms = await ctx.sources.classrooms.rooms(ctx.caller, ids) if ids else ()
    found = dict(zip(ids, rooms, strict=True))
    return [found.get(one.id) for one in classes]
