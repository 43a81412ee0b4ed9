"""The real Unleash server from npm, in a process and with a database of its own."""

import asyncio
import os
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.integration.monolith.waiting import until
from tests.integration.own_database import own_database
from tests.npm import installed, tool
from tests.pair import free_port

HERE = Path(__file__).parent
DATABASE = "banyan_test_unleash"
CLIENT_TOKEN, ADMIN_TOKEN = "default:development.client-secret", "*:*.admin-secret"
STARTS_WITHIN_S = 90.0
FEATURES = "/projects/default/features"


@dataclass(frozen=True, slots=True)
class Unleash:
    """`url` ends with /api; flags are changed as by anybody who has the admin API alone."""

    url: str
    process: Process
    http: httpx.AsyncClient

    @property
    def settings(self) -> dict[str, str]:
        """Of a gateway that follows it."""
        return {"unleash_url": self.url, "unleash_token": CLIENT_TOKEN}

    async def make(self, name: str, *strategies: dict[str, Any]) -> list[str]:
        """A feature that is switched on; gives the strategies' ids."""
        await self._ask("POST", FEATURES, {"name": name, "type": "release"})
        made = [await self._ask("POST", f"{_at(name)}/strategies", one) for one in strategies]
        await self.switch(name, "on")
        return [str(one["id"]) for one in made]

    async def edit(self, name: str, id_: str, strategy: dict[str, Any]) -> None:
        await self._ask("PUT", f"{_at(name)}/strategies/{id_}", strategy)

    async def archive(self, name: str) -> None:
        await self._ask("DELETE", f"{FEATURES}/{name}")

    async def switch(self, name: str, how: str) -> None:
        """`on` or `off`."""
        await self._ask("POST", f"{_at(name)}/{how}")

    async def tags(self, name: str) -> list[str]:
        found = await self._ask("GET", f"/features/{name}/tags")
        return [str(one["value"]) for one in found["tags"]]

    async def segment(self, name: str, tenants: Sequence[str]) -> int:
        """Of those tenants; its id."""
        rule = {"contextName": "tenantId", "operator": "IN", "values": list(tenants)}
        made = await self._ask("POST", "/segments", {"name": name, "constraints": [rule]})
        return int(made["id"])

    async def know(self, field: str) -> None:
        """A field that constraints may name."""
        await self._ask("POST", "/context", {"name": field})

    async def told(self) -> bytes:
        """The list that a client gets."""
        headers = {"authorization": CLIENT_TOKEN}
        return (await self.http.get(f"{self.url}/client/features", headers=headers)).content

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = await self.http.request(method, f"{self.url}/admin{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


def percentage(percent: int, of: str, **more: Any) -> dict[str, Any]:
    """As its user interface makes it for a feature of that name."""
    parameters = {"rollout": str(percent), "stickiness": "default", "groupId": of}
    return {"name": "flexibleRollout", "parameters": parameters, **more}


@asynccontextmanager
async def unleash(server_url: str, log: Path) -> AsyncIterator[Unleash]:
    """Once it answers; killed at the block's end."""
    folder = await asyncio.to_thread(installed, HERE)
    async with own_database(server_url, DATABASE) as database:
        port = free_port()
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *(tool("node"), str(folder / "node_modules/unleash-server/dist/server.js")),
                env={**os.environ, **_environ(database, port)},
                stdout=output,
                stderr=STDOUT,
            )
        headers = {"authorization": ADMIN_TOKEN}
        async with httpx.AsyncClient(headers=headers, timeout=20, trust_env=False) as http:
            made = Unleash(f"http://127.0.0.1:{port}/api", process, http)
            try:
                await until(lambda: _answers(made, log), STARTS_WITHIN_S)
                yield made
            finally:
                if process.returncode is None:
                    process.kill()
                await process.wait()


def _environ(database: str, port: int) -> dict[str, str]:
    return {
        "DATABASE_URL": database,
        "DATABASE_SSL": "false",
        "INIT_ADMIN_API_TOKENS": ADMIN_TOKEN,
        # Those of later versions are called INIT_BACKEND_API_TOKENS.
        "INIT_CLIENT_API_TOKENS": CLIENT_TOKEN,
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": str(port),
        "CHECK_VERSION": "false",
        "SEND_TELEMETRY": "false",
    }


async def _answers(server: Unleash, log: Path) -> bool:
    assert server.process.returncode is None, f"it ended: {log}"
    try:
        return (await server.http.get(server.url.replace("/api", "/health"))).is_success
    except httpx.HTTPError:
        return False


def _at(name: str) -> str:
    return f"{FEATURES}/{name}/environments/development"
