"""The command that completes a lesson: once, whichever side or key it comes by."""

from asyncpg import Record

from services.commands.bus import Handler
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.errors import HIDDEN
from services.contracts.events import LessonsCompleted
from services.contracts.ids import CourseId, Kind, LessonId, encode
from services.contracts.learning import Lesson, LessonKind
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


async def complete(work: UnitOfWork, command: CompleteLesson) -> Lesson:
    tenant, user = work.actor.tenant, int(work.actor.user)
    row = await work.db.fetchrow(LESSON, tenant, user, command.lesson)
    if row is None:
        raise Refusal(HIDDEN)
    course, lesson = row["course_id"], row["id"]
    stream = f"completions/{tenant}/{course}/{user}"
    await work.lock(stream)
    if await writes.complete(work.db, [(tenant, course, user, lesson)]):
        await work.record(stream, LessonsCompleted(course, user, [lesson]))
    work.tell(progress_topic(tenant, course, user))
    return _done(tenant, row)


def _done(tenant: str, row: Record) -> Lesson:
    return Lesson(
        LessonId(encode(Kind.LESSON, tenant, row["id"])),
        CourseId(encode(Kind.COURSE, tenant, row["course_id"])),
        row["title"],
        LessonKind(row["kind"]),
        completed=True,
    )


COMPLETE_LESSON = Handler("complete-lesson", complete, Lesson)
