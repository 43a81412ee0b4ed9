"""The live class service's projection as `banyan backfill` fills it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from services.backfill.target import Anew, Target
from services.events.changes import Changes
from services.kit.clock import SystemClock
from services.live_class.migrate import APP
from services.live_class.projection import KINDS, LiveClassProjection
from services.live_class.tables import TABLES
from services.storage.address import redis_url


@asynccontextmanager
async def _projection(environ: Mapping[str, str]) -> AsyncIterator[LiveClassProjection]:
    changes = Changes(redis_url(environ), SystemClock())
    try:
        yield LiveClassProjection(changes)
    finally:
        await changes.close()


TARGET = Target(APP, KINDS, _projection, Anew((*TABLES, "old_rooms")))
