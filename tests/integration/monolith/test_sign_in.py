"""Who gets in, and what everybody else is shown."""

import httpx
import pytest

from legacy.monolith.session import COOKIE
from tests.integration.monolith.conftest import SignIn
from tests.integration.monolith.school import LEARNER, School
from tests.integration.monolith.serving import SECRET, Monolith, monolith


def is_login_page(answer: httpx.Response) -> bool:
    is_html = answer.headers["content-type"].startswith("text/html")
    return answer.status_code == 200 and is_html and "Please sign in" in answer.text


async def test_the_right_secret_and_an_existing_person_are_welcome(
    old: Monolith, biology: School
) -> None:
    async with old.browser() as browser:
        answer = await browser.post(
            "/login", data={"tenant": biology.tenant, "user": "4", "secret": SECRET}
        )
        me = await browser.get("/me")

    assert "Welcome" in answer.text
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert me.json()["id"] == LEARNER


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "guessed"},
        {"secret": ""},
        {"user": "99"},
        {"user": "4; DROP TABLE people"},
        {"user": "9" * 30},
        {"user": "-4"},
        {"tenant": "nowhere"},
    ],
)
async def test_anything_else_shows_the_login_page_again(
    old: Monolith, biology: School, changed: dict[str, str]
) -> None:
    form = {"tenant": biology.tenant, "user": "4", "secret": SECRET} | changed

    async with old.browser() as browser:
        answer = await browser.post("/login", data=form)

    assert is_login_page(answer)
    assert COOKIE not in answer.cookies


async def test_without_a_secret_nobody_gets_in(monolith_url: str, biology: School) -> None:
    async with monolith(monolith_url, gateway_secret="") as closed, closed.browser() as browser:
        form = {"tenant": biology.tenant, "user": "4", "secret": ""}
        answer = await browser.post("/login", data=form)

    assert is_login_page(answer)


async def test_a_made_up_cookie_is_nobody(old: Monolith) -> None:
    async with old.browser() as browser:
        answer = await browser.get("/me", headers={"cookie": f"{COOKIE}=made-up"})

    assert is_login_page(answer)


async def test_who_signed_out_is_out(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, LEARNER)

    await browser.post("/logout")

    assert is_login_page(await browser.get("/me"))


async def test_health_needs_no_session(old: Monolith) -> None:
    async with old.browser() as browser:
        answer = await browser.get("/health")

    assert (answer.status_code, answer.text) == (200, "ok")


async def test_the_session_ends_on_time_and_a_new_one_begins(
    monolith_url: str, biology: School
) -> None:
    async with monolith(monolith_url, session_s=60) as short:
        browser = await short.signed_in(biology.tenant, LEARNER)
        short.clock.advance(seconds=59)
        before = await browser.get("/me")
        short.clock.advance(seconds=1)
        after = await browser.get("/me")
        await browser.aclose()
        again = await short.signed_in(biology.tenant, LEARNER)
        anew = await again.get("/me")
        await again.aclose()

    assert before.json()["id"] == anew.json()["id"] == LEARNER
    assert is_login_page(after)
