"""Lets replicas tell how far behind they are: a commit every BEAT_S, also where nobody writes."""

import asyncio

from services.events.duty import Duty
from services.storage.db import Pool

BEAT_S = 2.0

# It changes no table and waits for no disk: only its time of commit arrives at the replicas.
BEAT = """
SELECT set_config('synchronous_commit', 'off', true), pg_logical_emit_message(true, 'banyan', '')
"""


def beating(pool: Pool) -> Duty:
    async def run() -> None:
        while True:
            await pool.execute(BEAT)
            await asyncio.sleep(BEAT_S)

    return Duty("beat", run)
