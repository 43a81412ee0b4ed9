"""A watched gateway before a running system: started, asked for pages, and told what to watch."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import click
import httpx
import msgspec
import psutil

from bench.keep_alive import Connection, post
from bench.learner import DASHBOARD
from bench.rivals.running import await_open
from bench.system import System
from bench.upstream_calls import Made
from deploy.ports import free_base
from gateway.identity.issuer import DemoIssuer
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from services.kit.ports import PORTS
from services.kit.settings import Profile

MODULE = "bench.watched_gateway"
SERVICES = ("assessment", "progress", "live_class", "feeder")
LEARNER = Viewer(TenantId("ministry"), UserId("4"), frozenset({Role.LEARNER}))
COURSES = 20
LIFETIME_S = 3_600
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class LoneGateway:
    """One gateway process, in production's profile, asked by one learner over one connection."""

    address: str
    process: psutil.Process
    issuer: DemoIssuer
    connection: Connection
    numbers: "count[int]"
    known: bytes

    async def warm(self) -> bytes:
        """Token and document are known."""
        return await self.connection.ask(self.known)

    async def cold(self) -> bytes:
        """Neither was ever seen."""
        return await self.connection.ask(_request(self.issuer, next(self.numbers)))

    def calls(self) -> list[Made]:
        """What it asked upstreams since this was last asked."""
        return msgspec.json.decode(self._get("calls"), type=list[Made])

    def start(self) -> None:
        self._get("start")

    def stop(self) -> Mapping[str, int]:
        return msgspec.json.decode(self._get("stop"), type=dict[str, int])

    def cpu_ms(self) -> float:
        times = self.process.cpu_times()
        return (times.user + times.system) * 1e3

    def _get(self, what: str) -> bytes:
        return httpx.get(f"http://{self.address}/watched/{what}", trust_env=False).content


@asynccontextmanager
async def lone_gateway(
    running: System, folder: Path, more: Mapping[str, str] = NOTHING
) -> AsyncIterator[LoneGateway]:
    """With `more` in its environment than the system's own has."""
    settings = running.settings
    issuer = DemoIssuer(running.home, settings.token_issuer, settings.token_audience)
    keys = folder / "keys.json"
    keys.write_text(json.dumps(issuer.jwks()))
    own = {"BANYAN_PROFILE": Profile.PRODUCTION.value, "BANYAN_JWKS_FILE": str(keys), **more}
    port = free_base(_base(running), ["gateway"])
    environ = {**_environ_of(running), **own, "BANYAN_PORT": str(port)}
    with _started(environ, port, folder / "log") as (address, process):
        connection = await Connection.to(address)
        yield LoneGateway(address, process, issuer, connection, count(1), _request(issuer, 0))
        await connection.close()


@contextmanager
def _started(
    environ: Mapping[str, str], port: int, log: Path
) -> Iterator[tuple[str, psutil.Process]]:
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE], env=environ, stdout=file, stderr=file
        )
    try:
        try:
            await_open(port, [process])
        except RuntimeError as failed:
            said = log.read_text()[-1_000:]
            raise click.ClickException(f"The gateway did not start:\n{said}") from failed
        yield f"127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _environ_of(running: System) -> dict[str, str]:
    """What the system's own gateway was started with, and where its services are."""
    processes = running.processes("gateway.main")
    if not processes:
        raise click.ClickException("This system runs no gateway.")
    environ = processes[0].environ()
    base = _base(running)
    addresses = {
        f"BANYAN_{role.upper()}_URL": f"http://127.0.0.1:{base + PORTS[role]}" for role in SERVICES
    }
    return {**addresses, **environ}


def _base(running: System) -> int:
    return int(running.at.gateway.rpartition(":")[2])


def _request(issuer: DemoIssuer, number: int) -> bytes:
    """Each number has a token and a document of its own."""
    clock = SystemClock()
    bearer = issuer.token_for(LEARNER, clock, timedelta(seconds=LIFETIME_S + number))
    variables = {"courses": COURSES, "from": clock.now().isoformat()}
    return post(bearer, query=f"{DASHBOARD}# {number}", variables=variables)
