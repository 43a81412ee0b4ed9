"""Answers for progress, one's own and that of a roster's learners; and completes a lesson."""

from collections.abc import Hashable, Sequence

from resolvers.context import Context
from resolvers.following import Followed, Look
from resolvers.ports import Each
from resolvers.topics import Hearing, News
from services.contracts.errors import ErrorCode, Refused
from services.contracts.freshness import AsOf, ConsistencyToken
from services.contracts.ids import CourseId, LessonId, decode
from services.contracts.learning import (
    Course,
    LearnerInCourse,
    LessonCompleted,
    Progress,
)
from services.kit.consistency import BadToken

BAD_TOKEN = Refused(ErrorCode.INVALID, "`after` is not a token of this platform.")


async def of_courses(ctx: Context, courses: Sequence[Course]) -> Each[Progress]:
    found = await ctx.sources.progress.mine(ctx.caller, [course.id for course in courses])
    return _shown(ctx, found)


async def of_rows(ctx: Context, rows: Sequence[LearnerInCourse]) -> Each[Progress]:
    pairs = [(row.course_id, row.learner.id) for row in rows]
    return await ctx.sources.progress.of_learners(ctx.caller, pairs)


async def of_completions(ctx: Context, done: Sequence[LessonCompleted]) -> Each[Progress]:
    found = await ctx.sources.written.mine(ctx.caller, [one.course_id for one in done])
    return _shown(ctx, found)


async def complete_lesson(ctx: Context, lesson_id: LessonId, key: str) -> LessonCompleted | Refused:
    done = await ctx.sources.completions.complete(ctx.caller, lesson_id, key)
    if isinstance(done, LessonCompleted):
        ctx.sight.writes(done.known.versions)
    return done


def as_of(ctx: Context, progress: Progress) -> AsOf:
    known = progress.known
    token = ctx.consistency.token(progress.seen)
    return AsOf(token, known.freshness, known.lag_ms, known.source)


def token_of(ctx: Context, done: LessonCompleted) -> ConsistencyToken:
    return ctx.consistency.token(done.known.versions)


def begin(
    ctx: Context, course_id: CourseId, after: ConsistencyToken | None = None
) -> Refused | None:
    """One's own progress is read no older than `after`."""
    try:
        ctx.sight.hears(ctx.consistency.seen(after) if after else {})
    except BadToken:
        return BAD_TOKEN
    return None


async def look(ctx: Context, course_id: CourseId, told: object) -> Look:
    """As it is, where it says something else than what was told."""
    found = await ctx.sources.progress.mine(ctx.caller, [course_id])
    [now] = _shown(ctx, found)
    said = _said(now)
    return Look([] if said == told else [now], said)


def _shown(ctx: Context, found: Each[Progress]) -> Each[Progress]:
    for one in found:
        if isinstance(one, Progress):
            ctx.sight.reads(one.seen)
    return found


def _said(now: Progress | Refused) -> Hashable:
    """What is news when it changes: how it came to be known is none."""
    return now if isinstance(now, Refused) else (now.completed, now.total, now.known.freshness)


def _listen(ctx: Context, course_id: CourseId, news: News) -> Hearing:
    viewer = ctx.viewer
    topic = f"progress:{viewer.tenant}:{decode(course_id).local}:{viewer.user}"
    return ctx.sources.topics.hear(topic, news)


UPDATES = Followed(_listen, begin, look)
"""One's own progress as it is, then each time it has changed."""
