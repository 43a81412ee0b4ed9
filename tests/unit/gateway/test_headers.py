"""Every answer bears an id and is taken for what it says it is."""

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gateway.transport.headers import Stamped


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello", headers={"x-request-id": "known"})


async def test_an_answer_without_an_id_gets_one_and_others_keep_theirs() -> None:
    app = Starlette(routes=[Route("/", hello)], middleware=[Middleware(Stamped)])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        answers = [await client.request(how, at) for how, at in CALLS]

    assert [answer.status_code for answer in answers] == [200, 404, 405]
    assert answers[0].headers["x-request-id"] == "known"
    assert [len(answer.headers["x-request-id"]) for answer in answers[1:]] == [16, 16]
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}


CALLS = [("GET", "/"), ("GET", "/nothing"), ("POST", "/")]
