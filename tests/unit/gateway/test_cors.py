"""Pages of the list may call with the viewer's cookies, others may not read a word."""

from collections.abc import Collection

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gateway.transport.cors import FORGET_S, cross_origin
from services.kit.settings import BadSetting, Settings

OURS = "https://learn.example"
ASKED = "content-type, banyan-consistency, apollographql-client-name, apollographql-client-version"


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


def client(origins: Collection[str]) -> httpx.AsyncClient:
    routes = [Route("/graphql", hello, methods=["GET", "POST"])]
    app = cross_origin(Starlette(routes=routes), origins)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


async def preflight(origin: str, origins: Collection[str] = (OURS,)) -> httpx.Response:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": ASKED,
    }
    async with client(origins) as http:
        return await http.options("/graphql", headers=asked)


async def test_a_listed_page_may_call() -> None:
    asked = await preflight(OURS)
    async with client([OURS]) as http:
        called = await http.get("/graphql", headers={"origin": OURS})

    assert asked.status_code == 200
    assert asked.headers["access-control-max-age"] == str(FORGET_S)
    for answer in (asked, called):
        assert answer.headers["access-control-allow-origin"] == OURS
        assert answer.headers["access-control-allow-credentials"] == "true"
    assert "banyan-consistency" in called.headers["access-control-expose-headers"].lower()
    assert "origin" in called.headers["vary"].lower()


@pytest.mark.parametrize("origins", [(), (OURS,)])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", OURS + ".evil", "*"])
async def test_no_other_page_may(origin: str, origins: Collection[str]) -> None:
    asked = await preflight(origin, origins)
    async with client(origins) as http:
        called = await http.get("/graphql", headers={"origin": origin})

    assert asked.status_code in (400, 405)
    for answer in (asked, called):
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("origins", ["*", "https://*.example", f"{OURS}/page", "learn.example"])
def test_a_list_names_pages_one_by_one(origins: str) -> None:
    with pytest.raises(BadSetting, match="BANYAN_ORIGINS"):
        Settings.read({"BANYAN_ORIGINS": origins})


def test_a_list_of_pages_is_a_setting() -> None:
    assert Settings.read({"BANYAN_ORIGINS": f"{OURS}, http://127.0.0.1:3000/"}).origins
