"""Somebody who is signed in at a running gateway, and asks it in GraphQL."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from pyreqwest.client import ClientBuilder

from bench.sending import sent
from gateway.identity.issuer import DemoIssuer
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from services.kit.settings import Settings

WAITS = timedelta(seconds=30)
IDLES = timedelta(seconds=2)
"""Servers let go of a connection that idles longer than five, maybe just when it is used."""


def token(home: Path, tenant: str, user: int | str, role: str = "LEARNER") -> str:
    """A bearer token of the demo issuer whose key lies in `home`."""
    settings = Settings()
    issuer = DemoIssuer(home, settings.token_issuer, settings.token_audience)
    who = Viewer(TenantId(tenant), UserId(str(user)), frozenset({Role(role)}))
    return issuer.token_for(who, SystemClock())


class Someone:
    """`await anna.ask("{ viewer { name } }")`; hundreds at once cost little of the test's time."""

    def __init__(self, gateway: str, bearer: str) -> None:
        self._url = f"{gateway}/graphql"
        headers = {"authorization": f"Bearer {bearer}", "content-type": "application/json"}
        builder = ClientBuilder().default_headers(headers).timeout(WAITS)
        self._http = builder.pool_idle_timeout(IDLES).build()

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """Data and errors, as they came."""
        body = {"query": query, "variables": variables}
        response = await sent(self._http.post(self._url).body_json(body).build())
        answer: dict[str, Any] = await response.json()
        return answer

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = await self.answer(query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def close(self) -> None:
        await self._http.close()


def codes(answer: dict[str, Any]) -> list[str]:
    """The code of each error, in order."""
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


def nodes(connection: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]
