"""The live class service's projection as `banyan backfill` fills it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from services.backfill.target import Anew, Target
from services.live_class.migrate import APP
from services.live_class.projection import KINDS, LiveClassProjection
from services.live_class.tables import TABLES


@asynccontextmanager
async def _projection(_: Mapping[str, str]) -> AsyncIterator[LiveClassProjection]:
    yield LiveClassProjection()


TARGET = Target(APP, KINDS, _projection, Anew(tuple(TABLES)))
