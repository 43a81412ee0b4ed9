"""Lessons, alone and in the outlines of courses; and which of them the viewer has completed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from asyncpg import Record

from services.contracts.freshness import Seen
from services.contracts.ids import Kind, LessonId, ModuleId, encode
from services.contracts.learning import Completed, Lesson, LessonKind, Module
from services.contracts.progress_api import OfPairs
from services.contracts.question import Ids
from services.progress.views import together
from services.progress.views.asked import Asked
from services.progress.views.standing import course_id, visible
from services.progress.views.together import Together

MODULES = """
SELECT id, course_id, title FROM modules
WHERE tenant_id = $1 AND course_id = ANY ($2::bigint[])
ORDER BY position, id
"""
LESSONS = "SELECT id, course_id, module_id, title, kind FROM lessons WHERE tenant_id = $1"
OF_COURSES = LESSONS + " AND course_id = ANY ($2::bigint[]) ORDER BY position, id"
BY_IDS = LESSONS + " AND id = ANY ($2::bigint[])"


async def outlines(asked: Asked, question: Ids) -> list[list[Module] | None]:
    seen = await visible(asked, question.ids)
    modules = await asked.db.fetch(MODULES, asked.tenant, list(seen))
    lessons = await asked.db.fetch(OF_COURSES, asked.tenant, list(seen))
    made = _outlines(asked, modules, _by_module(asked, lessons))
    return [made[course] if course in seen else None for course in question.ids]


async def lessons(asked: Asked, question: Ids) -> list[Lesson | None]:
    rows = await asked.db.fetch(BY_IDS, asked.tenant, question.ids)
    seen = await visible(asked, [row["course_id"] for row in rows])
    known = {row["id"]: lesson(asked, row) for row in rows if row["course_id"] in seen}
    return [known.get(one) for one in question.ids]


async def completed(asked: Asked, question: Ids) -> list[Completed | None]:
    pairs = OfPairs([(course, asked.user) for course in question.ids])
    return await together.completed(Together(asked.db, asked.tenant), pairs)


def is_old(seen: Seen, found: Sequence[Completed | None]) -> bool:
    return any(one.misses(seen) for one in found if one is not None)


def lesson(asked: Asked, row: Record) -> Lesson:
    return Lesson(
        LessonId(encode(Kind.LESSON, asked.tenant, row["id"])),
        course_id(asked, row["course_id"]),
        row["title"],
        LessonKind(row["kind"]),
    )


def _by_module(asked: Asked, rows: Sequence[Record]) -> Mapping[tuple[int, int], list[Lesson]]:
    """A lesson belongs to a module of its own course, or to none."""
    found: dict[tuple[int, int], list[Lesson]] = defaultdict(list)
    for row in rows:
        if row["module_id"] is not None:
            found[row["course_id"], row["module_id"]].append(lesson(asked, row))
    return found


def _outlines(
    asked: Asked, rows: Sequence[Record], lessons: Mapping[tuple[int, int], list[Lesson]]
) -> Mapping[int, list[Module]]:
    found: dict[int, list[Module]] = defaultdict(list)
    for row in rows:
        own = ModuleId(encode(Kind.MODULE, asked.tenant, row["id"]))
        inside = lessons.get((row["course_id"], row["id"]), [])
        found[row["course_id"]].append(Module(own, row["title"], inside))
    return found
