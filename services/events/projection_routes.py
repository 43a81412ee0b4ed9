"""`GET /projections/state`: how far a projection is in its feeds, and what it had to park."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.storage.db import Pool

POSITIONS = "SELECT source, partition, position FROM positions ORDER BY source, partition"
PARKED = """
SELECT count(*) AS events, count(DISTINCT (source, parked.stream)) AS streams,
    coalesce(extract(epoch FROM clock_timestamp() - min(parked_at)), 0)::float8 AS oldest_s
FROM parked LEFT JOIN applied ON applied.stream = source || ':' || parked.stream
WHERE parked.version > coalesce(applied.version, -1)
"""


class Position(msgspec.Struct, frozen=True):
    source: str
    partition: int
    position: int


class ParkedState(msgspec.Struct, frozen=True):
    """More than 0 streams are an alarm: somebody has to look."""

    streams: int
    events: int
    oldest_s: float


class ProjectionState(msgspec.Struct, frozen=True):
    positions: list[Position]
    parked: ParkedState


async def projection_state(pool: Pool) -> ProjectionState:
    positions = [Position(**dict(row)) for row in await pool.fetch(POSITIONS)]
    [parked] = await pool.fetch(PARKED)
    return ProjectionState(positions, ParkedState(**dict(parked)))


def projection_routes(pool: Pool) -> list[Route]:
    async def state(_: Request) -> Response:
        body = msgspec.json.encode(await projection_state(pool))
        return Response(body, media_type="application/json")

    return [Route("/projections/state", state)]
