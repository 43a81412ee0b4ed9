"""The progress service's projection as `banyan backfill` fills it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from services.backfill.target import Target
from services.contracts.snapshot import Kind
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.progress.migrate import APP
from services.progress.projection.projection import ProgressProjection
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
    topics = Topics(redis_url(environ), SystemClock())
    try:
        yield ProgressProjection(topics)
    finally:
        await topics.close()


TARGET = Target(APP, KINDS, _projection)
