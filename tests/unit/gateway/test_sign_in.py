"""The cookie: how it is said, who may have one, and what is told when Redis is away."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gateway.identity.issuer import DemoIssuer
from gateway.identity.keys import FixedKeys
from gateway.identity.session import Sessions
from gateway.identity.signed_out import SignedOutEverywhere
from gateway.identity.token import Tokens
from gateway.realtime.hub import Hub
from gateway.transport.cookies import Cookie, WithSessions, identity_of
from gateway.transport.sign_in import SignIn
from services.kit.clock import SystemClock
from tests.fakes.asking import CONSISTENCY
from tests.fakes.tenant import viewer

PLAIN, SECURE = Cookie(is_secure=False), Cookie(is_secure=True)
NOWHERE = "redis://127.0.0.1:9"


class Door:
    """Its Redis is away."""

    def __init__(self, home: Path) -> None:
        issuer, clock = DemoIssuer(home, "issuer", "banyan"), SystemClock()
        self.bearer = {"authorization": f"Bearer {issuer.token_for(viewer('acme'), clock)}"}
        redis = Redis.from_url(NOWHERE)
        out, sessions = SignedOutEverywhere(redis, Hub(redis), clock), Sessions(redis, clock)
        tokens = Tokens(FixedKeys(issuer.jwks()), "issuer", "banyan", clock, out)
        routes = [Route("/who", who), *SignIn(tokens, sessions, out, PLAIN).routes()]
        cookies = Middleware(WithSessions, sessions, PLAIN, CONSISTENCY)
        self.app = Starlette(routes=routes, middleware=[cookies])

    async def asked(self, method: str, path: str, **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            return await client.request(method, path, headers=headers)


async def who(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(identity_of(request.scope)))


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


def said(cookie: Cookie, secret: str) -> str:
    headers = MutableHeaders()
    cookie.set(headers, secret)
    return headers["set-cookie"]


def test_a_cookie_is_for_our_host_and_for_no_script() -> None:
    assert said(PLAIN, "s") == "banyan=s; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax"
    assert said(SECURE, "s").startswith("__Host-banyan=s; Path=/; ")
    assert said(SECURE, "s").endswith("; Secure")
    assert "Max-Age=0" in said(SECURE, "")


@pytest.mark.parametrize("text", ["", "other=s", "banyan=", f"banyan={'x' * 101}"])
def test_what_is_no_secret_is_none(text: str) -> None:
    assert PLAIN.secret(Headers({"cookie": text})) is None


def test_where_it_must_be_secure_a_plain_one_counts_for_nothing() -> None:
    assert SECURE.secret(Headers({"cookie": "banyan=s"})) is None
    assert SECURE.secret(Headers({"cookie": "__Host-banyan=s"})) == "s"


async def test_who_has_no_cookie_or_shows_a_token_needs_no_redis(door: Door) -> None:
    answers: list[Any] = [
        await door.asked("GET", "/who"),
        await door.asked("GET", "/who", **door.bearer, cookie="banyan=s"),
    ]

    assert [(one.status_code, one.text) for one in answers] == [(200, "None")] * 2


async def test_without_redis_nobody_is_told_that_they_are_in_or_out(door: Door) -> None:
    answers = [
        await door.asked("GET", "/who", cookie="banyan=s"),
        await door.asked("POST", "/session", **door.bearer),
        await door.asked("DELETE", "/sessions", **door.bearer),
    ]

    assert [one.status_code for one in answers] == [503] * 3
    assert not any("set-cookie" in one.headers for one in answers)


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_nothing_else_is_done_to_a_session(door: Door, method: str) -> None:
    assert (await door.asked(method, "/session")).status_code == 405


async def test_who_is_nobody_cannot_sign_out_everywhere_and_is_out_already(door: Door) -> None:
    everywhere = await door.asked("DELETE", "/sessions")
    own = await door.asked("DELETE", "/session")

    assert (everywhere.status_code, own.status_code) == (401, 204)
    assert "Max-Age=0" in own.headers["set-cookie"]
