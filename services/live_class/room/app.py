"""What is answered of classes as they are held: each question by its view, each command."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from starlette.responses import Response
from starlette.routing import Route

from services.commands.answering import order_route, status_of
from services.commands.bus import Bus
from services.contracts import classroom_api as api
from services.contracts.classroom_api import Beats as Heard
from services.contracts.classroom_api import Counted
from services.contracts.errors import Refused
from services.contracts.question import Question
from services.contracts.viewer import Viewer
from services.contracts.viewer_headers import nobody_of
from services.kit.answering import Asking, as_json, route, value_route
from services.live_class.entrance.entrance import Entrance
from services.live_class.room.acting import Acting, Regrouping
from services.live_class.room.beats import Beats
from services.live_class.room.changes import changes
from services.live_class.room.grouping import MOVE, opening
from services.live_class.room.joining import Joining
from services.live_class.room.looking import rooms
from services.live_class.signalling.signalling import Signalling
from services.storage import db
from services.storage.db import Connection, Pool

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Doors:
    """`worker` sees one tenant at a time."""

    worker: Pool
    bus: Bus
    beats: Beats
    entrance: Entrance
    signalling: Signalling


def room_routes(doors: Doors) -> list[Route]:
    bus, beats, entrance = doors.bus, doors.beats, doors.entrance
    spreading = Regrouping(bus, opening(beats), doors.signalling)
    moving = Regrouping(bus, MOVE, doors.signalling)
    acting = Acting(bus, beats, entrance, doors.signalling)
    return [
        _view(api.ROOMS, rooms, doors),
        _view(api.CHANGES, changes, doors),
        _heard(doors),
        order_route(api.JOIN, Joining(bus, beats, entrance).join, bus.source),
        order_route(api.ACT, acting.act, bus.source),
        order_route(api.OPEN_BREAKOUTS, spreading.regroup, bus.source),
        order_route(api.MOVE, moving.regroup, bus.source),
    ]


def _view(
    question: Question[Q, A],
    look: Callable[[Connection, Viewer, Q], Awaitable[A | Refused]],
    doors: Doors,
) -> Route:
    """Of the primary: a class goes on faster than a replica follows."""

    async def answer(asking: Asking[Q]) -> Response:
        async with db.reading(doors.worker, asking.viewer.tenant) as connection:
            found = await look(connection, asking.viewer, asking.said)
        return as_json(found, status_of(found) if isinstance(found, Refused) else 200)

    return route(question, answer, doors.bus.source)


def _heard(doors: Doors) -> Route:
    async def note(asking: Asking[Heard]) -> Counted:
        return Counted(await doors.beats.heard(asking.viewer.tenant, asking.said.users))

    return value_route(api.BEATS, note, doors.bus.source, who=nobody_of)
