"""`GET /snapshot`: what there is; `GET /snapshot?kind=…&consumer=…`: page by page."""

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from legacy.feeder.snapshot import Key, Snapshot
from services.contracts.snapshot import Kind

MOST = 5_000


def snapshot_routes(snapshot: Snapshot) -> list[Route]:
    async def answer(request: Request) -> Response:
        if "kind" not in request.query_params:
            return _json(await snapshot.summary())
        try:
            kind, after, limit = _asked(request.query_params)
        except ValueError as wrong:
            return PlainTextResponse(f"{wrong}\n", 400)
        return _json(await snapshot.page(kind, after, limit, request.query_params.get("consumer")))

    return [Route("/snapshot", answer)]


def _asked(query: QueryParams) -> tuple[Kind, Key, int]:
    kind = Kind(query["kind"])
    limit = int(query.get("limit", str(MOST)))
    if not 1 <= limit <= MOST:
        raise ValueError(f"limit is a whole number from 1 to {MOST}")
    return kind, Key.behind(kind, query.get("after", "")), limit


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
