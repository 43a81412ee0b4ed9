"""Classes of both timetables as a viewer may see them, for however many with the same statements.

Each has the letter of the side that scheduled it: it makes the id, and with it the name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from services.contracts.ids import (
    CourseId,
    Kind,
    LiveClassId,
    Side,
    TenantId,
    encode,
    learner_id,
)
from services.contracts.learning import Learner
from services.contracts.live_class import LiveClass, LiveClassState
from services.contracts.live_class_api import Agenda, CoursesBetween, Names
from services.contracts.viewer import Viewer
from services.storage.db import Connection

NAME = re.compile(r"[ls](0|[1-9][0-9]{0,17})")

VISIBLE = """
SELECT id FROM courses
WHERE tenant_id = $1 AND id = ANY ($3::bigint[]) AND (
    id IN (SELECT course_id FROM enrolments WHERE tenant_id = $1 AND user_id = $2)
    OR EXISTS (SELECT FROM people WHERE tenant_id = $1 AND people.id = $2 AND operates)
)
"""
COLUMNS = "tenant_id, id, course_id, title, teacher_id, starts_at, ends_at"
# Each part has the whole condition, so that each table is read by its own index.
CLASSES = f"""
SELECT timetable.*, name AS teacher FROM (
    SELECT 'l' AS side, {COLUMNS} FROM classes
    WHERE tenant_id = $1 AND {{old}}
    UNION ALL
    SELECT 's' AS side, {COLUMNS} FROM planned_classes
    WHERE tenant_id = $1 AND NOT cancelled AND {{own}}
) AS timetable
LEFT JOIN people ON people.tenant_id = $1 AND people.id = teacher_id
ORDER BY starts_at, side, timetable.id
"""
BETWEEN = """
starts_at >= coalesce($3, '-infinity'::timestamptz)
AND starts_at < coalesce($4, 'infinity'::timestamptz)
"""
THEN = f"course_id = ANY ($2::bigint[]) AND {BETWEEN}"
OWN = f"""course_id IN (
    SELECT course_id FROM enrolments WHERE tenant_id = $1 AND user_id = $2
) AND {BETWEEN}"""
OF_COURSES = CLASSES.format(old=THEN, own=THEN)
OF_VIEWER = CLASSES.format(old=OWN, own=OWN)
BY_NAMES = CLASSES.format(old="id = ANY ($2::bigint[])", own="id = ANY ($3::bigint[])")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one viewer, with the connection that answers it, and the time."""

    db: Connection
    viewer: Viewer
    now: datetime

    @property
    def tenant(self) -> TenantId:
        return self.viewer.tenant

    @property
    def user(self) -> int:
        return int(self.viewer.user)


async def of_courses(asked: Asked, question: CoursesBetween) -> list[list[LiveClass] | None]:
    seen = await _visible(asked, question.courses)
    rows = await asked.db.fetch(
        OF_COURSES, asked.tenant, list(seen), question.since, question.until
    )
    found: dict[int, list[LiveClass]] = defaultdict(list)
    for row in rows:
        found[row["course_id"]].append(_class(asked, row))
    return [found[course] if course in seen else None for course in question.courses]


async def agenda(asked: Asked, question: Agenda) -> list[LiveClass]:
    rows = await asked.db.fetch(OF_VIEWER, asked.tenant, asked.user, question.since, question.until)
    return [_class(asked, row) for row in rows]


async def classes(asked: Asked, question: Names) -> list[LiveClass | None]:
    names = [_name(one) for one in question.ids]
    old, own = (
        [int(name[1:]) for name in names if name and name[0] == side]
        for side in (Side.LEGACY, Side.SERVICE)
    )
    rows = await asked.db.fetch(BY_NAMES, asked.tenant, old, own)
    seen = await _visible(asked, (row["course_id"] for row in rows))
    known = {
        f"{row['side']}{row['id']}": _class(asked, row) for row in rows if row["course_id"] in seen
    }
    return [known.get(name) for name in names]


def _name(one: int | str) -> str:
    """ "" for what names nothing."""
    name = f"{Side.LEGACY}{one}" if isinstance(one, int) else one
    return name if NAME.fullmatch(name) else ""


async def _visible(asked: Asked, courses: Iterable[int]) -> set[int]:
    """Those of the courses that are there and that the viewer may see."""
    rows = await asked.db.fetch(VISIBLE, asked.tenant, asked.user, list(set(courses)))
    return {row["id"] for row in rows}


def _class(asked: Asked, row: Record) -> LiveClass:
    states = LiveClassState
    return LiveClass(
        # The id is the one that its own side gives: of the monolith's as the old way has it.
        id=LiveClassId(encode(Kind.LIVE_CLASS, asked.tenant, row["id"], Side(row["side"]))),
        course_id=CourseId(encode(Kind.COURSE, asked.tenant, row["course_id"])),
        title=row["title"],
        teacher=_teacher(asked, row),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        state=states.ENDED if row["ends_at"] <= asked.now else states.SCHEDULED,
    )


def _teacher(asked: Asked, row: Record) -> Learner | None:
    """None also where nobody has that id."""
    if row["teacher"] is None:
        return None
    return Learner(learner_id(asked.tenant, row["teacher_id"]), row["teacher"])
