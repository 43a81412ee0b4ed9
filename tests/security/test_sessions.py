"""The web app's cookie at a running gateway of two processes, and signing out everywhere."""

import asyncio
import json
import time
from contextlib import suppress
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.learner import token
from tests.stack import Stack

OUT_WITHIN_S = 5.0
PROTOCOL = Subprotocol("graphql-transport-ws")
ASK = {"query": "{ viewer { id } }"}
PROGRESS = "{ viewer { courses(first: 1) { edges { node { progress { total } } } } } }"
TENANT = "nobody-else"
SOCKETS = 8
"""Spread over both processes by the kernel, almost surely."""


@pytest.fixture
def bearer(stack: Stack) -> dict[str, str]:
    """Of somebody new, so that to sign out is nobody else's trouble."""
    return {"authorization": f"Bearer {token(stack.home, TENANT, time.time_ns() % 10**15)}"}


async def asked(stack: Stack, headers: dict[str, str]) -> str | None:
    """Who one is, by a connection of its own: whichever process takes it."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        answer = await client.post(f"{stack.gateway}/graphql", json=ASK, headers=headers)
    viewer = (answer.json().get("data") or {}).get("viewer") or {}
    return viewer.get("id")


async def signed_in(stack: Stack, bearer: dict[str, str]) -> dict[str, str]:
    """The header of a session's cookie."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{stack.gateway}/session", headers=bearer)
    assert answer.status_code == 204
    set_cookie = answer.headers["set-cookie"]
    assert all(part in set_cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/"))
    return {"cookie": set_cookie.partition(";")[0]}


async def deleted(stack: Stack, path: str, headers: dict[str, str]) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.delete(f"{stack.gateway}{path}", headers=headers)).status_code


async def opened(
    stack: Stack, headers: dict[str, str], payload: dict[str, Any]
) -> ClientConnection:
    url = stack.gateway.replace("http", "ws") + "/graphql"
    socket = await connect(url, subprotocols=[PROTOCOL], additional_headers=headers)
    await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
    assert json.loads(await socket.recv())["type"] == "connection_ack"
    return socket


async def closed_s(socket: ClientConnection, since_s: float) -> float:
    """When it was closed for want of rights, and no sooner for anything else."""
    async with asyncio.timeout(OUT_WITHIN_S + 1):
        with suppress(ConnectionClosed):
            async for _ in socket:
                pass
    assert socket.close_code == 4403
    return time.monotonic() - since_s


async def test_a_cookie_stands_for_the_token_it_was_given_for(
    stack: Stack, bearer: dict[str, str]
) -> None:
    cookie = await signed_in(stack, bearer)

    assert await asked(stack, cookie) == await asked(stack, bearer) is not None


async def test_nobody_gets_a_cookie_for_what_is_no_token(stack: Stack) -> None:
    for headers in ({}, {"authorization": "Bearer a.b.c"}):
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(f"{stack.gateway}/session", headers=headers)
        assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)


async def test_signing_out_everywhere_reaches_tokens_cookies_and_sockets_of_every_process(
    stack: Stack, bearer: dict[str, str]
) -> None:
    cookie = await signed_in(stack, bearer)
    sockets = [await opened(stack, {}, bearer) for _ in range(SOCKETS // 2)]
    sockets += [await opened(stack, cookie, {}) for _ in range(SOCKETS // 2)]
    before = [await asked(stack, how) for how in [bearer, cookie] * SOCKETS]

    since_s = time.monotonic()
    assert await deleted(stack, "/sessions", cookie) == 204
    closed = await asyncio.gather(*(closed_s(socket, since_s) for socket in sockets))
    after = [await asked(stack, how) for how in [bearer, cookie] * SOCKETS]

    assert len(set(before) - {None}) == 1
    assert None not in before
    assert set(after) == {None}
    assert max(closed) < OUT_WITHIN_S


async def test_signing_out_ends_one_session_and_leaves_the_others(
    stack: Stack, bearer: dict[str, str]
) -> None:
    ours, others = await signed_in(stack, bearer), await signed_in(stack, bearer)
    socket = await opened(stack, ours, {})

    since_s = time.monotonic()
    assert await deleted(stack, "/session", ours) == 204

    assert await closed_s(socket, since_s) < OUT_WITHIN_S
    assert await asked(stack, others) is not None
    assert await asked(stack, ours) is None


async def test_the_cookie_carries_what_was_seen(stack: Stack) -> None:
    """No header of consistency is sent, and the answer knows of it still."""
    demo = json.loads((stack.home / "demo.json").read_text())["northfield"]
    cookie = await signed_in(
        stack, {"authorization": f"Bearer {token(stack.home, 'northfield', demo['learner'])}"}
    )
    ask = {"query": PROGRESS}
    told = []
    async with httpx.AsyncClient(trust_env=False, headers=cookie, timeout=30) as client:
        for body in (ask, ASK):
            answer = await client.post(f"{stack.gateway}/graphql", json=body)
            assert "errors" not in answer.json(), answer.text
            told.append("banyan-consistency" in answer.headers)

    assert told == [True, True]
