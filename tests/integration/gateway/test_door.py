"""The running gateway's door: what every answer bears, and what a cookie is not enough for."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.integration.monolith.school import LEARNER, School
from tests.learner import token
from tests.stack import Stack

ASK = "{ viewer { name } }"
FORM = {"content-type": "text/plain"}
HEADER = {"graphql-require-preflight": "1"}


@pytest.fixture
async def browser(stack: Stack, school: School) -> AsyncIterator[httpx.AsyncClient]:
    """Signed in by a cookie."""
    shown = {"authorization": f"Bearer {token(stack.home, school.tenant, LEARNER)}"}
    async with httpx.AsyncClient(base_url=stack.gateway, timeout=20) as client:
        assert (await client.post("/session", headers=shown)).status_code == 204
        yield client


async def test_every_answer_has_an_id_and_names_no_server(stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.gateway) as client:
        answers = [
            await client.request(how, at)
            for how, at in [
                ("GET", "/graphql"),
                ("POST", "/graphql"),
                ("PUT", "/graphql"),
                ("OPTIONS", "/graphql"),
                ("GET", "/nothing"),
                ("GET", "/health/live"),
            ]
        ]

    assert [answer.status_code for answer in answers] == [400, 415, 405, 405, 404, 200]
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}
    assert not any("server" in answer.headers for answer in answers)
    assert "total;dur=" in answers[0].headers["server-timing"]


async def test_with_a_cookie_a_get_needs_a_header_that_no_page_sends(
    browser: httpx.AsyncClient,
) -> None:
    asked = {"query": ASK}

    forgeable = await browser.get("/graphql", params=asked)
    proven = await browser.get("/graphql", params=asked, headers=HEADER)
    posted = await browser.post("/graphql", json={"query": ASK})
    form = await browser.post("/graphql", content=b'{"query": "%b"}' % ASK.encode(), headers=FORM)

    assert [forgeable.status_code, form.status_code] == [403, 403]
    assert forgeable.json()["errors"][0]["extensions"]["code"] == "PREFLIGHT_REQUIRED"
    assert proven.json() == posted.json()
    assert posted.json()["data"]["viewer"]["name"] == "Person 4"
