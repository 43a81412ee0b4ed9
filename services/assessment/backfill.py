"""The assessment service's projection as `banyan backfill` fills it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from services.assessment.migrate import APP
from services.assessment.projection.projection import AssessmentProjection
from services.backfill.target import Target
from services.contracts.snapshot import Kind
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.storage.address import redis_url

KINDS = (Kind.PERSON, Kind.ENROLMENT, Kind.CONTENT, Kind.ATTEMPTS)


@asynccontextmanager
async def _projection(environ: Mapping[str, str]) -> AsyncIterator[AssessmentProjection]:
    topics = Topics(redis_url(environ), SystemClock())
    try:
        yield AssessmentProjection(topics)
    finally:
        await topics.close()


TARGET = Target(APP, KINDS, _projection)
