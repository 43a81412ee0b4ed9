"""An OSV and an npm registry on loopback, which know of one hole each."""

import gzip
import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

OLD_PYTHON, OLD_NPM = ("urllib3", "1.22"), ("ws", "8.16.0")
OSV = {
    "id": "GHSA-www2-v7xj-xrc6",
    "aliases": ["CVE-2018-20060"],
    "summary": "Authorization is sent on to another host behind a redirect.",
    "affected": [{"package": {"name": "urllib3", "ecosystem": "PyPI"}, "ranges": []}],
}
NPM = {
    "id": 1,
    "url": "https://github.com/advisories/GHSA-3h5v-q93c-6h6q",
    "title": "DoS by many headers",
    "severity": "high",
    "vulnerable_versions": ">=8.0.0 <8.17.1",
}


async def _osv(request: Request) -> JSONResponse:
    asked: Any = await request.json()
    is_old = (asked["package"]["name"], asked["version"]) == OLD_PYTHON
    return JSONResponse({"vulns": [OSV]} if is_old else {})


async def _npm(request: Request) -> JSONResponse:
    """Of all versions of what is asked: npm itself compares them."""
    asked: Any = json.loads(gzip.decompress(await request.body()))
    return JSONResponse({"ws": [NPM]} if "ws" in asked else {})


ADVISORIES = Starlette(
    routes=[
        Route("/v1/query", _osv, methods=["POST"]),
        Route("/-/npm/v1/security/advisories/bulk", _npm, methods=["POST"]),
    ]
)
