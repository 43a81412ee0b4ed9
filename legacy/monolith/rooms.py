"""Pages about classes as they are held: everybody polls, and all that is known is one row."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from legacy.monolith import access
from legacy.monolith.errors import Conflict, Missing
from legacy.monolith.local_time import read, write
from legacy.monolith.page import Asked

DOORS_OPEN = timedelta(minutes=15)
AWAY_AFTER = timedelta(seconds=30)
"""Whoever has not polled for so long counts as gone, and is still in the row."""

CLASS = "SELECT course_id, starts, ends FROM timetable WHERE tenant_id = $1 AND id = $2"
ROOM = "SELECT state, people, hands FROM rooms WHERE tenant_id = $1 AND class_id = $2 FOR UPDATE"
OPEN = """
INSERT INTO rooms (tenant_id, class_id, course_id, state, opened) VALUES ($1, $2, $3, 'open', $4)
ON CONFLICT DO NOTHING
"""
WRITE = """
UPDATE rooms SET state = $3, people = $4, hands = $5 WHERE tenant_id = $1 AND class_id = $2
"""
NAME = "SELECT name FROM people WHERE tenant_id = $1 AND id = $2"


@dataclass(slots=True)
class Room:
    """`people` and `hands` by the id of whose they are; `state` "closed" is that of no row."""

    course: access.Course
    starts: datetime
    ends: datetime
    state: str
    people: dict[str, Any]
    hands: dict[str, Any]

    @property
    def teaches(self) -> bool:
        return self.course.standing.may_teach

    def going_on(self, asked: Asked) -> None:
        """Raises Conflict where nothing can be done in it, or not by who is outside."""
        if self.state == "closed":
            raise Conflict("This class is not open.")
        if self.state == "ended":
            raise Conflict("This class has ended.")
        if str(asked.user) not in self.people:
            raise Conflict("Join the class first.")


async def poll(asked: Asked) -> dict[str, Any]:
    """What the page of a class asks for every few seconds, and by that says that one is there."""
    room = await _room(asked)
    mine = room.people.get(str(asked.user))
    if mine is not None and room.state != "ended":
        mine["seen"] = write(asked.now)
        await _keep(asked, room)
    return _view(asked, room)


async def join(asked: Asked) -> dict[str, Any]:
    room = await _opened(asked)
    name = await asked.db.fetchval(NAME, asked.tenant, asked.user)
    role = "TEACHER" if room.teaches else "LEARNER"
    room.people[str(asked.user)] = {"name": name, "role": role, "seen": write(asked.now)}
    return await _keep(asked, room)


async def leave(asked: Asked) -> dict[str, Any]:
    room = await _room(asked)
    room.people.pop(str(asked.user), None)
    room.hands.pop(str(asked.user), None)
    return await _keep(asked, room)


async def start(asked: Asked) -> dict[str, Any]:
    (await _room(asked)).course.for_teachers()
    room = await _opened(asked)
    room.state = "live"
    return await _keep(asked, room)


async def end(asked: Asked) -> dict[str, Any]:
    room = await _room(asked)
    room.course.for_teachers()
    if room.state == "closed":
        raise Conflict("This class is not open.")
    room.state, room.people, room.hands = "ended", {}, {}
    return await _keep(asked, room)


async def raise_hand(asked: Asked) -> dict[str, Any]:
    room = await _room(asked)
    room.going_on(asked)
    room.hands.setdefault(str(asked.user), write(asked.now))
    return await _keep(asked, room)


async def lower_hand(asked: Asked) -> dict[str, Any]:
    room = await _room(asked)
    room.going_on(asked)
    room.hands.pop(str(asked.user), None)
    return await _keep(asked, room)


async def _room(asked: Asked) -> Room:
    """Nobody else can poll it until our page is rendered."""
    one = await asked.db.fetchrow(CLASS, asked.tenant, asked.id)
    if one is None:
        raise Missing
    course = await access.course(asked, one["course_id"])
    row = await asked.db.fetchrow(ROOM, asked.tenant, asked.id)
    if row is None:
        return Room(course, one["starts"], one["ends"], "closed", {}, {})
    return Room(course, one["starts"], one["ends"], row["state"], row["people"], row["hands"])


async def _opened(asked: Asked) -> Room:
    """Opened by the first who may come in."""
    room = await _room(asked)
    if room.state == "ended" or asked.now >= room.ends:
        raise Conflict("This class has ended.")
    if room.state != "closed":
        return room
    if not room.teaches and asked.now < room.starts - DOORS_OPEN:
        raise Conflict("This class is not open yet.")
    await asked.db.execute(OPEN, asked.tenant, asked.id, room.course.id, asked.now)
    return await _room(asked)


async def _keep(asked: Asked, room: Room) -> dict[str, Any]:
    await asked.db.execute(WRITE, asked.tenant, asked.id, room.state, room.people, room.hands)
    return _view(asked, room)


def _view(asked: Asked, room: Room) -> dict[str, Any]:
    """Everybody is told of everybody."""
    here = {
        user: one for user, one in room.people.items() if read(one["seen"]) > asked.now - AWAY_AFTER
    }
    raised = sorted((at, int(user)) for user, at in room.hands.items() if user in here)
    return {
        "id": asked.id,
        "state": room.state,
        "people": [
            {"id": int(user), "name": one["name"], "role": one["role"]}
            for user, one in here.items()
        ],
        "hands": [
            {"id": user, "name": here[str(user)]["name"], "raised": at} for at, user in raised
        ],
    }
