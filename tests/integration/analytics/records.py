"""A small learning record store: each statement once, whatever differs under a known id refused."""

from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.analytics.record_store import Door

KEY, SECRET = "banyan", "known to both"
SIGNED = f"Basic {b64encode(f'{KEY}:{SECRET}'.encode()).decode()}"

Said = dict[str, Any]


@dataclass
class Records:
    """`breaks_every` n-th batch is kept, and nobody hears of it; `kept` by id."""

    breaks_every: int | None = None
    batches: int = 0
    repeated: int = 0
    kept: dict[str, Said] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/xapi/statements", self.take, methods=["POST"])])

    async def take(self, request: Request) -> Response:
        if request.headers["authorization"] != SIGNED:
            return Response(status_code=401)
        assert request.headers["x-experience-api-version"] == "1.0.3"
        statements: list[Said] = await request.json()
        self.batches += 1
        if any(self.kept.get(one["id"], one) != one for one in statements):
            return Response(status_code=409)
        self.repeated += sum(one["id"] in self.kept for one in statements)
        self.kept |= {one["id"]: one for one in statements}
        if self.breaks_every is not None and self.batches % self.breaks_every == 0:
            return Response(status_code=503)
        return JSONResponse([one["id"] for one in statements])

    def counted(self) -> Counter[tuple[str, ...]]:
        """How often each thing that happens once was said: by whom, what, of which attempt."""
        return Counter(
            (
                said["actor"]["account"]["name"],
                said["verb"]["id"].rpartition("/")[2],
                said["object"]["id"],
                said.get("context", {}).get("registration", ""),
            )
            for said in self.kept.values()
        )


def door(url: str) -> Door:
    return Door(f"{url}/xapi/", KEY, SECRET)
