"""A class as whoever asks finds it: in the timetable, as its room is, and what they are to it."""

from dataclasses import dataclass

from asyncpg import Record

from services.commands.refusal import Refusal
from services.contracts.errors import FORBIDDEN, HIDDEN
from services.contracts.ids import CourseId, Kind, Side, TenantId, encode, learner_id
from services.contracts.learning import Learner, Role
from services.contracts.live_class import LiveClass, LiveClassState
from services.contracts.viewer import Viewer
from services.live_class.room import told
from services.live_class.room.deciding import Hours
from services.live_class.room.names import live_class_id, parted
from services.live_class.room.rooms import Place
from services.live_class.room.standing import Standing
from services.live_class.room.told import Told
from services.storage.db import Connection

TIMETABLES = {Side.LEGACY: "classes", Side.SERVICE: "planned_classes"}

# $2 is its id in the timetable, $3 its name, $4 who asks. One statement: ten thousand join at once.
LOAD = """
SELECT class.course_id, title, teacher_id, teacher.name AS teacher, starts_at, ends_at,
    clock_timestamp() AS now, people.name, coalesce(people.operates, false) AS operates,
    enrolments.user_id IS NOT NULL AS is_enrolled, enrolments.role, {room},
    participants.version AS own_version,
    participants.user_id IS NOT NULL AND participants.left_at IS NULL AS has_joined,
    {elsewhere} AS is_elsewhere
FROM {timetable} AS class
LEFT JOIN people AS teacher ON teacher.tenant_id = $1 AND teacher.id = teacher_id
LEFT JOIN people ON people.tenant_id = $1 AND people.id = $4
LEFT JOIN enrolments ON enrolments.tenant_id = $1 AND enrolments.user_id = $4
    AND enrolments.course_id = class.course_id
LEFT JOIN rooms ON rooms.tenant_id = $1 AND rooms.live_class = $3
LEFT JOIN participants ON participants.tenant_id = $1 AND participants.live_class = $3
    AND participants.user_id = $4
WHERE class.tenant_id = $1 AND class.id = $2
"""
ELSEWHERE = {
    Side.LEGACY: """EXISTS (
        SELECT FROM old_rooms WHERE old_rooms.tenant_id = $1 AND old_rooms.id = $2
        AND old_rooms.state IN ('OPEN', 'LIVE'))""",
    Side.SERVICE: "false",
}
STANDS = {Side.LEGACY: "", Side.SERVICE: "AND NOT class.cancelled"}


def _loads(room: str) -> dict[Side, str]:
    return {
        side: LOAD.format(timetable=table, elsewhere=ELSEWHERE[side], room=room) + STANDS[side]
        for side, table in TIMETABLES.items()
    }


LOADS, LOADS_TOLD = _loads("rooms.state"), _loads(told.COLUMNS)


@dataclass(frozen=True, slots=True)
class Held:
    """`state` is None where nobody opened it yet; `name` is that of whoever asks.

    `own_version` is that of their own stream, 0 where they never joined. `is_elsewhere`: the
    monolith holds it.
    """

    tenant: TenantId
    live_class: str
    course: int
    title: str
    teacher: Learner | None
    hours: Hours
    state: LiveClassState | None
    standing: Standing
    user: int
    name: str
    has_joined: bool
    own_version: int
    is_elsewhere: bool

    @property
    def place(self) -> Place:
        return Place(self.tenant, self.live_class, self.course)

    def shown(self, state: LiveClassState | None = None) -> LiveClass:
        """As clients know it, in the `state` that it has come to."""
        return LiveClass(
            id=live_class_id(self.tenant, self.live_class),
            course_id=CourseId(encode(Kind.COURSE, self.tenant, self.course)),
            title=self.title,
            teacher=self.teacher,
            starts_at=self.hours.starts_at,
            ends_at=self.hours.ends_at,
            state=state or self.state or _by_time(self.hours),
        )


async def find(db: Connection, viewer: Viewer, live_class: str) -> Held | None:
    """None where there is none, or the viewer has no part in it."""
    row = await _load(LOADS, db, viewer, live_class)
    return None if row is None else _held(viewer, live_class, row)


async def find_told(
    db: Connection, viewer: Viewer, live_class: str
) -> tuple[Held, Told | None] | None:
    """As `find`, and what was told of its room, where somebody has opened it."""
    row = await _load(LOADS_TOLD, db, viewer, live_class)
    held = None if row is None else _held(viewer, live_class, row)
    if row is None or held is None:
        return None
    return held, None if row["epoch"] is None else Told.of(row)


async def reach(db: Connection, viewer: Viewer, live_class: str) -> Held:
    """Raises Refusal where the viewer has no part in it."""
    held = await find(db, viewer, live_class)
    if held is None:
        raise Refusal(HIDDEN)
    return held


async def reach_as_teacher(db: Connection, viewer: Viewer, live_class: str) -> Held:
    """Raises Refusal unless they teach it."""
    held = await reach(db, viewer, live_class)
    if not held.standing.teaches:
        raise Refusal(FORBIDDEN)
    return held


async def _load(
    loads: dict[Side, str], db: Connection, viewer: Viewer, live_class: str
) -> Record | None:
    named = parted(live_class)
    if named is None:
        return None
    side, number = named
    return await db.fetchrow(loads[side], viewer.tenant, number, live_class, int(viewer.user))


def _held(viewer: Viewer, live_class: str, row: Record) -> Held | None:
    standing = _standing(viewer, row)
    if not standing.takes_part:
        return None
    return Held(
        tenant=viewer.tenant,
        live_class=live_class,
        course=row["course_id"],
        title=row["title"],
        teacher=_teacher(viewer.tenant, row),
        hours=Hours(row["starts_at"], row["ends_at"], row["now"]),
        state=None if row["state"] is None else LiveClassState(row["state"]),
        standing=standing,
        user=int(viewer.user),
        name=row["name"] or "",
        has_joined=row["has_joined"],
        own_version=row["own_version"] or 0,
        is_elsewhere=row["is_elsewhere"],
    )


def _standing(viewer: Viewer, row: Record) -> Standing:
    role = None if row["role"] is None else Role(row["role"])
    gives = row["teacher_id"] == int(viewer.user)
    return Standing(row["is_enrolled"], role, row["operates"], gives)


def _teacher(tenant: str, row: Record) -> Learner | None:
    if row["teacher"] is None:
        return None
    return Learner(learner_id(tenant, row["teacher_id"]), row["teacher"])


def _by_time(hours: Hours) -> LiveClassState:
    over = hours.ends_at <= hours.now
    return LiveClassState.ENDED if over else LiveClassState.SCHEDULED
