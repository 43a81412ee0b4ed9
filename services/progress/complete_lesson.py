"""The command that completes a lesson: once, whichever side or key it comes by."""

from asyncpg import Record

from services.commands.bus import Handler
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.assessment import Source
from services.contracts.completions import Way
from services.contracts.errors import HIDDEN
from services.contracts.events import LessonsCompleted
from services.contracts.freshness import Known
from services.contracts.ids import CourseId, Kind, LessonId, encode
from services.contracts.learning import Lesson, LessonCompleted, LessonKind
from services.contracts.progress_api import CompleteLesson
from services.progress.projection import writes
from services.progress.topics import progress_topic

# Whoever teaches or operates the course sees the lesson, and learns nothing in it.
LESSON = """
SELECT lessons.id, lessons.course_id, lessons.title, kind
FROM lessons
JOIN courses ON courses.tenant_id = $1 AND courses.id = lessons.course_id
JOIN enrolments ON enrolments.tenant_id = $1 AND enrolments.course_id = lessons.course_id
    AND user_id = $2 AND role = 'LEARNER'
WHERE lessons.tenant_id = $1 AND lessons.id = $3
"""
KNOWN = """
SELECT stream, version FROM applied WHERE stream = ANY ($1::text[]) AND version > 0
UNION ALL
SELECT $2, done FROM counts WHERE tenant_id = $3 AND course_id = $4 AND user_id = $5
"""


async def complete(work: UnitOfWork, command: CompleteLesson) -> LessonCompleted:
    tenant, user = work.actor.tenant, int(work.actor.user)
    row = await work.db.fetchrow(LESSON, tenant, user, command.lesson)
    if row is None:
        raise Refusal(HIDDEN)
    course, lesson = row["course_id"], row["id"]
    way = Way(tenant, course, user)
    # Others of this learner and course wait here for the row that counts, until we are done.
    if await writes.complete(work.db, [(tenant, course, user, lesson)]):
        await work.record(way.stream, LessonsCompleted(course, user, [lesson]))
    work.tell(progress_topic(tenant, course, user))
    return LessonCompleted(_lesson(tenant, row), await _known(work, way))


async def _known(work: UnitOfWork, way: Way) -> Known:
    """Both sides' versions: the lesson may have come from the other one before."""
    counted = way.shown, way.tenant, way.course, way.user
    rows = await work.db.fetch(KNOWN, way.streams, *counted)
    return Known(Source.SERVICE, {row["stream"]: row["version"] for row in rows})


def _lesson(tenant: str, row: Record) -> Lesson:
    return Lesson(
        LessonId(encode(Kind.LESSON, tenant, row["id"])),
        CourseId(encode(Kind.COURSE, tenant, row["course_id"])),
        row["title"],
        LessonKind(row["kind"]),
        completed=True,
    )


COMPLETE_LESSON = Handler("complete-lesson", complete, LessonCompleted)
