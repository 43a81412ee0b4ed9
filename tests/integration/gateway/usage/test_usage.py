"""Two gateway processes count every request of three clients, and a check names whom it breaks."""

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from websockets.asyncio.client import connect

from gateway.usage.client import Client
from gateway.usage.store import OURS
from schema.contract import PRINTED
from services.kit.clock import SystemClock
from tests import pair
from tests.integration.monolith.school import LEARNER, School
from tests.integration.monolith.waiting import until
from tests.learner import token
from tests.stack import BANYAN, Stack
from tests.subscription import PROTOCOL

CONNECTIONS, SOCKETS = 20, 10
HTTP = {"name": 400, "id roles": 360}
BY_SOCKET = 240
TOLD_WITHIN_S = 30.0
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
async def redis(stack: Stack) -> AsyncIterator[Redis]:
    async with Redis.from_url(stack.redis, decode_responses=True) as client:
        yield client


@pytest.fixture
def bearer(stack: Stack, school: School) -> str:
    return f"Bearer {token(stack.home, school.tenant, LEARNER)}"


@pytest.fixture
def clients(school: School) -> list[Client]:
    """Nobody else's: two that come by HTTP, and one by socket."""
    return [Client(f"{kind}-{school.tenant}", "1.2") for kind in ("web", "ios", "android")]


def names(client: Client) -> dict[str, str]:
    name, version = client
    return {"apollographql-client-name": name, "apollographql-client-version": version}


async def by_http(gateway: str, bearer: str, client: Client, fields: str, times: int) -> None:
    headers = {"authorization": bearer, **names(client)}

    async def ask(times: int) -> None:
        async with httpx.AsyncClient(base_url=gateway, headers=headers, timeout=20) as http:
            for _ in range(times):
                answer = await http.post("/graphql", json={"query": f"{{ viewer {{ {fields} }} }}"})
                assert "errors" not in answer.json()

    await asyncio.gather(*(ask(times // CONNECTIONS) for _ in range(CONNECTIONS)))


async def by_socket(gateway: str, bearer: str, client: Client, fields: str, times: int) -> None:
    at = gateway.replace("http", "ws", 1) + "/graphql"
    asked = {"query": f"{{ viewer {{ {fields} }} }}"}
    payload = {"authorization": bearer, "clientName": client.name, "clientVersion": client.version}
    for _ in range(SOCKETS):
        async with connect(at, subprotocols=[PROTOCOL]) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            await socket.recv()
            for number in range(times // SOCKETS):
                message = {"type": "subscribe", "id": str(number), "payload": asked}
                await socket.send(json.dumps(message))
                assert "errors" not in json.loads(await socket.recv())["payload"]
                await socket.recv()


class Kept:
    """What Redis itself holds of a client, of today and of a day that began meanwhile."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._began = SystemClock().now().date()

    async def of(self, client: Client) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, number in await self._all(client):
            if not name.startswith(OURS):
                found[name] = found.get(name, 0) + int(number)
        return found

    async def processes(self, client: Client) -> int:
        return len({name for name, _ in await self._all(client) if name.startswith(OURS)})

    async def _all(self, client: Client) -> list[tuple[str, str]]:
        days = {self._began, SystemClock().now().date()}
        keys = [f"usage:{day}:{client.name}|{client.version}" for day in days]
        hashes: list[Any] = [await self._redis.hgetall(key) for key in keys]
        return [pair for one in hashes for pair in one.items()]


def run(stack: Stack, *words: str) -> tuple[int, str]:
    ours = {name: text for name, text in os.environ.items() if not name.startswith("BANYAN_")}
    ours.pop("REDIS_URL", None)
    done = subprocess.run(
        [str(BANYAN), "schema", *words],
        env={**ours, "BANYAN_HOME": str(stack.home)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.returncode, done.stdout + done.stderr


def without(folder: Path, *fields: str) -> str:
    """The contract without these fields of `Viewer`."""
    before, viewer, after = PRINTED.read_text().partition("type Viewer implements Node ")
    lines = after.splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(tuple(f"  {one}:" for one in fields))]
    path = folder / f"without-{'-'.join(fields)}.graphql"
    path.write_text(before + viewer + "".join(kept))
    return str(path)


def named(output: str, clients: Iterable[Client]) -> list[str]:
    return [client.name for client in clients if client.name in output]


async def test_a_thousand_requests_of_three_clients_are_counted_exactly(
    stack: Stack,
    bearer: str,
    clients: list[Client],
    redis: Redis,
    tmp_path: Path,
) -> None:
    web, ios, android = clients
    kept = Kept(redis)
    by_name, by_roles = HTTP.items()

    await asyncio.gather(
        by_http(stack.gateway, bearer, web, *by_name),
        by_http(stack.gateway, bearer, ios, *by_roles),
        by_socket(stack.gateway, bearer, android, "id", BY_SOCKET),
    )

    async def is_told() -> bool:
        counted = [(await kept.of(client)).get("Query.viewer", 0) for client in clients]
        return sum(counted) >= sum(HTTP.values()) + BY_SOCKET

    await until(is_told, TOLD_WITHIN_S)
    counted = [await kept.of(client) for client in clients]
    assert counted == [
        {"Query.viewer": 400, "Viewer.name": 400},
        {"Query.viewer": 360, "Viewer.id": 360, "Viewer.roles": 360},
        {"Query.viewer": 240, "Viewer.id": 240},
    ]
    assert await kept.processes(web) == await kept.processes(ios) == 2

    code, told = run(stack, "check", str(PRINTED), without(tmp_path, "name"))
    assert (code, named(told, clients)) == (1, [web.name])
    assert f"    {web.name} 1.2: 400 requests of Viewer.name" in told
    code, told = run(stack, "check", str(PRINTED), without(tmp_path, "roles"))
    assert (code, named(told, clients)) == (1, [ios.name])
    assert run(stack, "check", str(PRINTED), str(PRINTED), "--strict")[0] == 0

    code, told = run(stack, "usage", "--client", android.name)
    lines = [line.split()[:4] for line in told.splitlines()[1:]]
    assert lines == [[at, android.name, "1.2", "240"] for at in ("Query.viewer", "Viewer.id")]


async def test_a_process_that_is_stopped_tells_the_rest(
    stack: Stack, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", stack.redis)
    client, kept = Client(f"stopped-{tmp_path.name}", "1.2"), Kept(redis)
    with pair.gateway(tmp_path, NOWHERE) as gateway:
        own = f"Bearer {token(tmp_path, 'acme', LEARNER)}"
        await by_http(gateway.url, own, client, "id", 20)

        gateway.process.terminate()
        gateway.process.wait(10)

    assert (await kept.of(client)).get("Viewer.id", 0) == 20
