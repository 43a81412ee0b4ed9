"""Says again and again that the service serves: what a longer silence takes is given back."""

import asyncio

from services.assessment.serving import Serving
from services.assessment.store import outages
from services.events.duty import AWAY, Duty
from services.kit.ending import heed_cancellation
from services.kit.log import Log
from services.storage.db import Pool

BEAT_S = 1.0
LONGEST_S = 2.0
log = Log("assessment.outages")


def beating(pool: Pool, serving: Serving) -> Duty:
    """Of a process that has learners at its door; while it fails them all it is silent."""

    async def run() -> None:
        while True:
            if not serving.is_sick:
                await _beat(pool)
            await asyncio.sleep(BEAT_S)

    return Duty("beating", run)


async def _beat(pool: Pool) -> None:
    """Where the database is away it is silent, and comes back without a longer wait."""
    try:
        async with asyncio.timeout(LONGEST_S), pool.acquire() as connection:
            outage = await outages.beat(connection)
    except AWAY as away:
        heed_cancellation()
        log.warning("beat.missed", why=type(away).__name__)
        return
    if outage is not None:
        log.error("outage.found", since=f"{outage.since:%FT%TZ}", until=f"{outage.until:%FT%TZ}")
