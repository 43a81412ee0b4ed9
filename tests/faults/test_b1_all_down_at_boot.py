"""B1: with all it leans on down at its start a gateway lives, and is whole once they return."""

import asyncio
import json
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from flags.names import PROGRESS_READ
from gateway.identity.issuer import DemoIssuer
from legacy.monolith.settings import with_database
from tests import pair, valkey
from tests.fakes.flag_server import TOKEN, FlagServer, listed
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.school import LEARNER, School
from tests.integration.monolith.waiting import until
from tests.learner import Someone, token
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE
from tests.threaded import Said, answering

ALL = "{ viewer { name courses { edges { node { title progress { ratio } } } } } }"
NEEDS_KEYS = "{ viewer { id roles } }"
LIVE_WITHIN_S, WHOLE_WITHIN_S = 5.0, 10.0
NOISE_S = 10.0
"""What a busy machine may add."""
STARTS_WITHIN_S = 90.0


@dataclass
class Places:
    """Ports of what is not there yet; `service` counts what reached the new side."""

    home: Path
    school: School
    redis: valkey.Server
    ports: dict[str, int] = field(
        default_factory=lambda: {
            name: pair.free_port() for name in ("keys", "flags", "monolith", "service")
        }
    )
    service: int = 0

    def environ(self) -> dict[str, str]:
        urls = {name: f"http://127.0.0.1:{port}" for name, port in self.ports.items()}
        named = {
            "home": str(self.home),
            "jwks_url": f"{urls['keys']}/jwks.json",
            "unleash_url": f"{urls['flags']}/api",
            "unleash_token": TOKEN,
            "legacy_url": urls["monolith"],
            "legacy_secret": pair.SECRET,
            "progress_url": urls["service"],
        }
        return {f"BANYAN_{k.upper()}": v for k, v in named.items()} | {"REDIS_URL": self.redis.url}

    @contextmanager
    def keys(self) -> Iterator[None]:
        with answering(self._jwks, self.ports["keys"]):
            yield

    @contextmanager
    def others(self, database_url: str) -> Iterator[None]:
        """They return one by one; the monolith, which is slow to start, as the last."""
        with ExitStack() as open_:
            self.redis.start()
            server = FlagServer(listed((PROGRESS_READ, 100)))
            open_.enter_context(server.running(self.ports["flags"]))
            open_.enter_context(answering(self._count, self.ports["service"]))
            port = str(self.ports["monolith"])
            open_.enter_context(pair.monolith(self.home, database_url, port=port))
            yield

    def _jwks(self, request: BaseHTTPRequestHandler) -> Said:
        return Said(200, json.dumps(DemoIssuer(self.home, "banyan-demo", "banyan").jwks()).encode())

    def _count(self, request: BaseHTTPRequestHandler) -> Said:
        self.service += 1
        return Said(500)

    @contextmanager
    def begun(self, module: str) -> Iterator[pair.Server]:
        """Once it lives."""
        with pair.server(
            self.home, module, "BANYAN_PORT", "/health/live", self.environ()
        ) as gateway:
            yield gateway


@dataclass
class Seen:
    gateway: pair.Server
    anna: Someone
    places: Places

    async def is_ready(self) -> bool:
        return await asyncio.to_thread(pair.answers, self.gateway, "/health/ready")

    async def typename(self) -> str:
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.post(
                f"{self.gateway.url}/graphql", json={"query": "{ __typename }"}
            )
        return str(answer.json()["data"]["__typename"])

    async def is_whole(self) -> bool:
        """Tokens are taken, the monolith answers, the server's flags hold, Redis tells us news."""
        asked = self.places.service
        viewer = await self._viewer()
        is_heard = await asyncio.to_thread(self.places.redis.ask, "PUBSUB", "CHANNELS")
        is_moved = self.places.service > asked
        return bool(viewer.get("name") and viewer.get("courses") and is_heard and is_moved)

    async def _viewer(self) -> dict[str, Any]:
        with suppress(TypeError):
            answer = await self.anna.answer(ALL)
            return (answer.get("data") or {}).get("viewer") or {}
        return {}


@pytest.fixture
def places(school: School, tmp_path: Path) -> Iterator[Places]:
    with valkey.server() as redis:
        redis.kill()
        yield Places(tmp_path, school, redis)
        # It is killed once more at the end.
        if redis.process.poll() is not None:
            redis.start()


async def seen_by(places: Places, gateway: pair.Server) -> Seen:
    who = Someone(gateway.url, token(places.home, places.school.tenant, LEARNER))
    return Seen(gateway, who, places)


async def test_b1_a_gateway_lives_without_all_and_is_whole_when_they_return(
    stack: Stack, places: Places, figure: Recorder
) -> None:
    database = with_database(stack.database, MONOLITH_DATABASE)
    live_s: list[float] = []
    busy_s: list[float] = []
    took_s = []
    for _ in range(n("B1")):
        began_s = time.monotonic()
        with places.begun("gateway.main") as gateway:
            live_s.append(time.monotonic() - began_s)
            busy_s.append(sum(psutil.Process(gateway.process.pid).cpu_times()[:2]))
            seen = await seen_by(places, gateway)
            was_ready = await seen.is_ready()
            assert await seen.typename() == "Query"

            with places.keys():
                await until(seen.is_ready, WHOLE_WITHIN_S + NOISE_S)
                answer = await seen.anna.ask(NEEDS_KEYS)
                assert answer["viewer"]["id"]
                with places.others(database):
                    returned_s = time.monotonic()
                    await until(seen.is_whole, WHOLE_WITHIN_S + NOISE_S)
                    took_s.append(time.monotonic() - returned_s)
            await seen.anna.close()
        assert not was_ready
        (places.home / "keys" / "jwks.json").unlink()
        (places.home / "flags.server.json").unlink()
        places.redis.kill()

    figure(
        "B1",
        starts=len(live_s),
        live_s=round(max(live_s), 2),
        live_p50_s=round(statistics.median(live_s), 2),
        cpu_until_live_s=round(max(busy_s), 2),
        whole_after_s=round(max(took_s), 2),
    )
    # On a machine that does nothing else it lives once its own work is done.
    assert max(busy_s) <= LIVE_WITHIN_S
    assert max(live_s) <= LIVE_WITHIN_S + NOISE_S
    assert max(took_s) <= WHOLE_WITHIN_S


async def test_b1_fails_without_trying_again(
    stack: Stack, places: Places, figure: Recorder
) -> None:
    database = with_database(stack.database, MONOLITH_DATABASE)
    with places.begun("tests.faults.trying_once") as gateway:
        seen = await seen_by(places, gateway)
        with places.keys(), places.others(database):
            with pytest.raises(TimeoutError):
                await until(partial(Seen.is_whole, seen), WHOLE_WITHIN_S)
            is_ready = await seen.is_ready()
        await seen.anna.close()

    figure("B1", whole_without_trying_again=0)
    assert not is_ready
