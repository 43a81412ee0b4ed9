"""`POST /versions`: how far the monolith's tables are, in its own streams and the other side's."""

from starlette.routing import Route

from services.contracts.versions_api import VERSIONS, Streams
from services.kit.answering import Asking, value_route
from services.storage.db import Pool

# The old side's own stream is there as soon as the change is: they are one transaction.
LOOK = """
SELECT 'legacy:' || stream AS stream, version
FROM streams WHERE 'legacy:' || stream = ANY ($1) AND stream = ANY ($2)
UNION ALL
SELECT stream, version FROM applied WHERE stream = ANY ($1)
"""


def versions_route(pool: Pool) -> Route:
    async def answer(asking: Asking[Streams]) -> dict[str, int]:
        streams = asking.said.streams
        own = [stream.partition(":")[2] for stream in streams]
        return {row["stream"]: row["version"] for row in await pool.fetch(LOOK, streams, own)}

    return value_route(VERSIONS, answer, "feeder")
