"""A gateway process of a test's own before a running system, and what holds its loop up."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from gateway.identity.issuer import DemoIssuer
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from services.kit.ports import PORTS
from services.kit.settings import Profile, Settings
from tests import pair
from tests.faults.probe import Stalls
from tests.stack import Stack

STALL_MS = 50.0
"""Of the loop's own time: what other processes take of the core is not its doing."""
PROBED, CARELESS = "tests.faults.probed", "tests.faults.careless"
SERVICES = ("assessment", "progress", "live_class", "feeder")


@dataclass(frozen=True, slots=True)
class Watched:
    """One gateway process, asked one request after another by a learner of the sample."""

    client: httpx.AsyncClient

    async def post(self, body: bytes) -> httpx.Response:
        return await self.client.post("/graphql", content=body)

    async def ask(self, **said: Any) -> httpx.Response:
        return await self.post(json.dumps(said).encode())

    async def stalls(self) -> Stalls:
        """Since this was last asked."""
        return Stalls(**(await self.client.get("/stalls")).json())


@asynccontextmanager
async def watched(
    stack: Stack, home: Path, profile: Profile, module: str = PROBED
) -> AsyncIterator[Watched]:
    known = Settings()
    issuer = DemoIssuer(stack.home, known.token_issuer, known.token_audience)
    keys = home / "keys.json"
    keys.write_text(json.dumps(issuer.jwks()))
    own = {"BANYAN_PROFILE": profile.value, "BANYAN_JWKS_FILE": str(keys)}
    environ = {**environ_of(stack), **own}
    with pair.server(home, module, "BANYAN_PORT", "/health/ready", environ) as server:
        learner = Viewer(TenantId("ministry"), UserId("4"), frozenset({Role.LEARNER}))
        bearer = f"Bearer {issuer.token_for(learner, SystemClock())}"
        headers = {"authorization": bearer, "content-type": "application/json"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=20) as client:
            yield Watched(client)


def environ_of(stack: Stack) -> dict[str, str]:
    """What the system's own gateway was started with, and where its services are."""
    children = psutil.Process(stack.process.pid).children(recursive=True)
    gateway = next(one for one in children if "gateway.main" in one.cmdline())
    environ = gateway.environ()
    port = int(environ["BANYAN_PORT"])
    addresses = {
        f"BANYAN_{role.upper()}_URL": f"http://127.0.0.1:{port + PORTS[role]}" for role in SERVICES
    }
    return {**addresses, **environ}


def told(stalls: Stalls) -> dict[str, float]:
    """As figures."""
    return {
        "stall_cpu_ms": round(stalls.cpu_ms, 1),
        "stall_wall_ms": round(stalls.wall_ms, 1),
        "collection_ms": round(stalls.collection_ms, 1),
    }
