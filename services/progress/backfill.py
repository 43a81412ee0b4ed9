"""The progress service's projection as `banyan backfill` fills it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from services.backfill.target import Anew, Target
from services.contracts.snapshot import Kind
from services.events.changes import Changes
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.progress.migrate import APP
from services.progress.projection.projection import ProgressProjection
from services.progress.tables import TABLES
from services.storage.address import redis_url

KINDS = (
    Kind.PERSON,
    Kind.COURSE,
    Kind.ENROLMENT,
    Kind.CONTENT,
    Kind.COMPLETIONS,
)


@asynccontextmanager
async def _projection(environ: Mapping[str, str]) -> AsyncIterator[ProgressProjection]:
    redis, clock = redis_url(environ), SystemClock()
    topics, changes = Topics(redis, clock), Changes(redis, clock)
    try:
        yield ProgressProjection(topics, changes)
    finally:
        await topics.close()
        await changes.close()


# What was completed stays completed, whether or not the old side was told of it yet.
KEEP_COMPLETIONS = """
INSERT INTO completions SELECT * FROM {live}.completions AS old
WHERE NOT EXISTS (
    SELECT FROM completions AS new
    WHERE (new.tenant_id, new.course_id, new.user_id, new.lesson_id)
        = (old.tenant_id, old.course_id, old.user_id, old.lesson_id)
)
"""
COUNT = """
INSERT INTO counts SELECT tenant_id, course_id, user_id, count(*) FROM completions
GROUP BY tenant_id, course_id, user_id
"""
ANEW = Anew(tuple(TABLES), (KEEP_COMPLETIONS, "TRUNCATE counts", COUNT))

TARGET = Target(APP, KINDS, _projection, ANEW)
