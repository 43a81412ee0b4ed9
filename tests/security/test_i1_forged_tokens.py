"""Row I1: no forged token comes in, whichever way it is shown, and none learns why."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from gateway.identity.keys import FixedKeys
from gateway.identity.token import Tokens
from gateway.transport.connection import SocketConnection
from tests.fakes.tenant import LEARNER
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.serving import serving
from tests.security.forgeries import Forger
from tests.unit.gateway.test_http import Door as HttpDoor
from tests.unit.gateway.test_websocket import Door as SocketDoor

ASK = "{ viewer { id } }"
HOSTILE = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")


@dataclass(frozen=True, slots=True)
class Doors:
    """A gateway's HTTP and socket doors on one port; `url` is theirs."""

    url: str
    forger: Forger

    async def post(self, token: str) -> str:
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(
                self.url, json={"query": ASK}, headers={"authorization": f"Bearer {token}"}
            )
        return _told(answer)

    async def get(self, token: str) -> str:
        headers = {"authorization": f"Bearer {token}", "apollo-require-preflight": "1"}
        async with httpx.AsyncClient(trust_env=False) as client:
            return _told(await client.get(self.url, params={"query": ASK}, headers=headers))

    async def init(self, token: str) -> str:
        async with self._socket() as socket:
            return await _init(socket, token)

    async def refresh(self, token: str) -> str:
        async with self._socket() as socket:
            await _init(socket, self.forger.good())
            said = {"type": "ping", "payload": {"authorization": f"Bearer {token}"}}
            return await _heard(socket, said)

    def _socket(self) -> Any:
        url = self.url.replace("http", "ws")
        return connect(url, subprotocols=[Subprotocol("graphql-transport-ws")])


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    http, socket = HttpDoor(tmp_path), SocketDoor(tmp_path)
    tokens = Tokens(FixedKeys(socket.issuer.jwks()), "banyan-demo", "banyan")
    routes = [
        Route("/graphql", http.app.routes[0].endpoint, methods=["GET", "POST"]),  # type: ignore[attr-defined]
        WebSocketRoute("/graphql", replace(socket.endpoint, tokens=tokens)),
    ]
    own: dict[str, Any] = {"ws": SocketConnection, "h11_max_incomplete_event_size": 4_000_000}
    async with serving(Starlette(routes=routes), **own) as url:
        yield Doors(f"{url}/graphql", Forger(socket.issuer._key, "acme", LEARNER))


@HOSTILE
async def test_i1_no_forged_token_comes_in_by_any_way(doors: Doors, figure: Recorder) -> None:
    accepted, told = await _shown(doors)
    good = [await way(doors.forger.good()) for way in _ways(doors)]

    assert [text.split()[0] for text in good] == ["200", "200", "connection_ack", "True"]
    assert accepted == []
    assert all(len(answers) == 1 for answers in told.values()), told
    figure("I1", accepted=len(accepted), shown=n("I1"), answers_told=sum(map(len, told.values())))


@HOSTILE
async def test_i1_fails_without_judging_the_signature(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    monkeypatch.setattr(Tokens, "_claims", _believe)

    accepted, _ = await _shown(doors)

    assert len(accepted) > 10
    figure("I1", accepted_without=len(accepted))


def _ways(doors: Doors) -> list[Any]:
    return [doors.post, doors.get, doors.init, doors.refresh]


async def _shown(doors: Doors) -> tuple[list[str], dict[str, Counter[str]]]:
    """Which came in, and by way what the others were told."""
    accepted, told = [], {way.__name__: Counter[str]() for way in _ways(doors)}
    for kind, forged in doors.forger.kinds().items():
        for way in _ways(doors):
            answer = await way(forged)
            if answer.startswith(("200", "connection_ack", "True")):
                accepted.append(f"{kind} by {way.__name__}")
            elif kind != "1 MB":
                told[way.__name__][answer] += 1
    return accepted, told


def _believe(self: Any, token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _told(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.text}"


async def _init(socket: Any, token: str) -> str:
    payload = {"authorization": f"Bearer {token}"}
    return await _heard(socket, {"type": "connection_init", "payload": payload})


async def _heard(socket: Any, said: dict[str, Any]) -> str:
    try:
        await socket.send(json.dumps(said))
        heard = json.loads(await socket.recv())
    except ConnectionClosed as closed:
        return f"closed {closed.rcvd.code if closed.rcvd else 0}"
    return str(heard.get("payload", {}).get("accepted", heard["type"]))
