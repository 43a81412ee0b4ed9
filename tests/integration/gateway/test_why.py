"""`banyan why` and the panel beside GraphiQL, over the running system."""

import subprocess
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from tests.browser import browser
from tests.integration.monolith.school import LEARNER, School
from tests.learner import token
from tests.stack import BANYAN, Stack, environ

PAGE = "query Page { viewer { courses { edges { node { title outline { title } } } } } }"


def why(home: Path, request_id: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(BANYAN), "why", request_id],
        env=environ(home, 8000),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
async def request_id(stack: Stack, school: School) -> str:
    """Of a page that the monolith was asked for."""
    bearer = token(stack.home, school.tenant, LEARNER)
    headers = {"authorization": f"Bearer {bearer}"}
    async with httpx.AsyncClient(base_url=stack.gateway, headers=headers, timeout=20) as client:
        answer = await client.post("/graphql", json={"query": PAGE})
    assert "errors" not in answer.json()
    return answer.headers["x-request-id"]


async def test_an_answer_is_explained_whichever_process_gave_it(
    stack: Stack, school: School, request_id: str
) -> None:
    done = why(stack.home, request_id)

    assert done.returncode == 0, done.stderr
    told = done.stdout
    assert f"request {request_id} at " in told
    assert "query Page, cost " in told
    assert "course.read            legacy, since " in told
    assert "legacy GET /my/courses: 200, " in told
    assert f"legacy GET /courses/{school.course}/outline: 200, " in told
    assert "miss" in told


async def test_one_that_is_not_remembered_is_said_so(stack: Stack) -> None:
    done = why(stack.home, "0000000000000000")

    assert done.returncode == 1
    assert "Nothing is remembered of 0000000000000000" in done.stderr


async def test_the_panel_says_it_beside_graphiql(stack: Stack) -> None:
    """GraphiQL itself comes from elsewhere: what it would ask is asked by its page's `fetch`."""
    ask = """fetch("/graphql", {method: "POST", headers: {"content-type": "application/json"},
      body: JSON.stringify({query: "query Hall { platformStatus { checkedAt } }"})})"""
    async with browser() as chrome:
        page = await chrome.new_page()
        await page.goto(f"{stack.gateway}/graphql", wait_until="commit")
        await page.wait_for_function("document.body !== null")
        await page.evaluate(f"{ask}.then(() => null)")

        await expect(page.locator("#why pre")).to_contain_text("query Hall, cost", timeout=10_000)
