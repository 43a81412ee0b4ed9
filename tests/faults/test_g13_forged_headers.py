"""G13: headers that are huge or broken end at the edge, and those that are forged count nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.datastructures import Headers

from gateway.server import trusting
from gateway.transport import intake
from gateway.transport.connection import HttpConnection
from services.kit.deadline import HEADER as DEADLINE
from services.kit.settings import Settings
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.serving import serving
from tests.raw import Answer, connected
from tests.stack import Stack
from tests.unit.gateway.test_http import ASK, Door

LINE = b"GET /graphql?query=%7B__typename%7D HTTP/1.1\r\n"
SOUND = LINE + b"host: x\r\n"
MB = 1_000_000
BROKEN = {
    "huge value": SOUND + b"x: " + b"y" * MB + b"\r\n\r\n",
    "huge name": SOUND + b"y" * MB + b": x\r\n\r\n",
    "very many": SOUND + b"x: y\r\n" * 100_000 + b"\r\n",
    "huge address": LINE.replace(b"=", b"=" + b"x" * MB, 1) + b"host: x\r\n\r\n",
    "return inside": SOUND + b"x: y\rset-cookie: a=b\r\n\r\n",
    "newline inside": SOUND + b"x: y\nset-cookie: a=b\r\n\r\n",
    "nothing inside": SOUND + b"x: y\x00z\r\n\r\n",
    "folded": SOUND + b"x: y\r\n z\r\n\r\n",
    "space in name": SOUND + b"x y: z\r\n\r\n",
    "two lengths": SOUND + b"content-length: 1\r\ncontent-length: 2\r\n\r\nxx",
    "length and chunks": SOUND
    + b"content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
}
FORGED = {
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "evil.example",
    "forwarded": "for=203.0.113.7;host=evil.example",
    "x-real-ip": "203.0.113.7",
    "priority": "exam",
    DEADLINE: "9000000000",
    "received-at": "2020-01-01T00:00:00Z",
    "x-request-id": "forged\t1",
    "banyan-viewer": "acme/1",
}


async def say(url: str, text: bytes) -> Answer:
    async with connected(url) as client:
        await client.say(text)
        return await client.answer()


async def test_g13_what_is_broken_ends_at_the_edge(stack: Stack, figure: Recorder) -> None:
    sound = await say(stack.gateway, SOUND + b"\r\n")

    said = {kind: await say(stack.gateway, text) for kind, text in BROKEN.items()}

    statuses = {kind: answer.status for kind, answer in said.items()}
    figure("G13", kinds=len(said), refused=sum(400 <= status < 500 for status in statuses.values()))
    assert sound.status == 200
    assert set(statuses.values()) == {400, 431}, statuses
    assert [kind for kind, status in statuses.items() if status == 431] == list(BROKEN)[:4]
    assert not any("set-cookie" in answer.headers for answer in said.values())


async def test_g13_what_is_forged_counts_nothing(stack: Stack, figure: Recorder) -> None:
    async with httpx.AsyncClient(base_url=stack.gateway) as client:
        plain = await client.get("/graphql", params={"query": "{ __typename }"})
        forged = await client.get("/graphql", params={"query": "{ __typename }"}, headers=FORGED)

    shown = f"{forged.headers} {forged.text}"
    figure("G13", forged=len(FORGED), shown=sum(value in shown for value in FORGED.values()))
    assert forged.json() == plain.json()
    assert set(forged.headers) == set(plain.headers)
    assert "server" not in forged.headers
    assert len(forged.headers["x-request-id"]) == len(plain.headers["x-request-id"])
    assert len(FORGED) == n("G13")


async def test_g13_the_door_looks_at_none_of_the_forged(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = set[str]()

    def noted(name: str) -> Callable[..., Any]:
        plain = getattr(Headers, name)

        def look(self: Headers, key: str, *more: Any) -> Any:
            looked.add(key.lower())
            return plain(self, key, *more)

        return look

    for name in ("get", "getlist", "__getitem__", "__contains__"):
        monkeypatch.setattr(Headers, name, noted(name))
    door = Door(tmp_path)
    async with door.client:
        posted = await door.post({"query": ASK}, **FORGED)
        got = await door.client.get("/graphql", params={"query": ASK}, headers=FORGED)

    figure("G13", honoured=len(looked & set(map(str.lower, FORGED))), looked_at=len(looked))
    assert (posted.status_code, got.status_code) == (200, 200)
    assert "authorization" in looked
    assert looked.isdisjoint(map(str.lower, FORGED))


async def hosts(home: Path, **config: Any) -> set[str]:
    """The addresses that the door takes clients to have, who all say another."""
    door = Door(home)
    async with serving(door.app, **config) as url, httpx.AsyncClient(base_url=url) as client:
        for _ in range(n("G13")):
            await client.get("/graphql", params={"query": ASK}, headers=FORGED)
    return door.hosts


async def test_g13_an_address_is_the_connections(tmp_path: Path, figure: Recorder) -> None:
    believed = await hosts(tmp_path, **trusting(Settings()))
    by_uvicorn = await hosts(tmp_path)
    behind = await hosts(tmp_path, **trusting(Settings(proxies="127.0.0.1")))

    figure("G13", honoured=len(believed - {"127.0.0.1"}), honoured_by_default=len(by_uvicorn))
    assert believed == {"127.0.0.1"}
    assert by_uvicorn == behind == {FORGED["x-forwarded-for"]}


async def test_g13_fails_without_the_bound(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_HEAD_BYTES", 1_000 * MB)

    async with serving(Door(tmp_path).app, http=HttpConnection) as url:
        statuses = [(await say(url, text)).status for text in list(BROKEN.values())[:4]]

    figure("G13", huge_taken_without_the_bound=sum(status != 431 for status in statuses))
    assert 431 not in statuses
    assert 200 in statuses
