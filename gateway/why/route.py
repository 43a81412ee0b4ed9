"""`GET /why/REQUEST_ID`: for the panel beside GraphiQL, in development only."""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway.why.why import lines
from gateway.why.whys import Whys

NOT_STORED = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class WhyRoute:
    whys: Whys

    def routes(self) -> list[Route]:
        return [Route("/why/{request_id}", self.tell)]

    async def tell(self, request: Request) -> Response:
        """`lines` for people, `why` for programs."""
        found = self.whys.find(request.path_params["request_id"])
        if found is None:
            return PlainTextResponse("Nothing is remembered of it.\n", 404, NOT_STORED)
        told = {"lines": list(lines(found)), "why": found}
        body = msgspec.json.encode(told)
        return Response(body, headers=NOT_STORED, media_type="application/json")
