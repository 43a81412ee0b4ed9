"""Anybody's attempts over HTTP: for their owners, and for those who teach."""

from typing import Any

import httpx
import pytest

from legacy.monolith import seed
from tests.integration.monolith.conftest import SignIn
from tests.integration.monolith.school import (
    LEARNER,
    OPERATOR,
    OTHER_LEARNER,
    PROCTOR,
    STRANGER,
    TEACHER,
    School,
)
from tests.unit.legacy.monolith.questions import RIGHT

BOTH = (OTHER_LEARNER, LEARNER)


async def handed_in(browser: httpx.AsyncClient, quiz: int) -> dict[str, Any]:
    attempt = (await browser.post(f"/assessments/{quiz}/start")).json()
    url = f"/attempts/{attempt['id']}/submit"
    done: dict[str, Any] = (await browser.post(url, json={"answers": RIGHT})).json()
    return done


@pytest.fixture
async def made(biology: School, sign_in: SignIn) -> list[dict[str, Any]]:
    """Two attempts of each of two learners, the later learner's first; in order of both."""
    found = []
    for user in BOTH:
        browser = await sign_in(biology, user)
        found += [await handed_in(browser, biology.quiz) for _ in range(2)]
    return found[2:] + found[:2]


async def page(browser: httpx.AsyncClient, quiz: int, **query: Any) -> Any:
    return (await browser.get(f"/assessments/{quiz}/submissions", params=query)).json()


async def test_every_page_about_an_attempt_tells_the_same_of_it(
    biology: School, sign_in: SignIn, made: list[dict[str, Any]]
) -> None:
    mine, teacher = await sign_in(biology, LEARNER), await sign_in(biology, TEACHER)

    listed = (await mine.get(f"/assessments/{biology.quiz}/attempts")).json()["attempts"]
    by_id = (await mine.get(f"/attempts/{made[0]['id']}")).json()
    submitted = (await page(teacher, biology.quiz))["attempts"]

    assert made[0] == listed[0] == by_id == submitted[0]
    assert (by_id["course"], by_id["answers"], by_id["banked"]) == (biology.course, RIGHT, False)


async def test_submissions_come_in_order_of_learners_and_numbers(
    biology: School, sign_in: SignIn, made: list[dict[str, Any]]
) -> None:
    teacher = await sign_in(biology, TEACHER)

    whole = await page(teacher, biology.quiz)
    first = await page(teacher, biology.quiz, limit=3)
    last = await page(teacher, biology.quiz, after_user=OTHER_LEARNER, after_number=1, limit=3)

    assert whole == {"total": 4, "attempts": made}
    assert first == {"total": 4, "attempts": made[:3]}
    assert last == {"total": 4, "attempts": made[3:]}


async def test_submissions_of_some_states_are_counted_by_themselves(
    biology: School, sign_in: SignIn, made: list[dict[str, Any]]
) -> None:
    mine, teacher = await sign_in(biology, LEARNER), await sign_in(biology, TEACHER)
    begun = (await mine.post(f"/assessments/{biology.quiz}/start")).json()

    open_ = await page(teacher, biology.quiz, states="in_progress")
    either = await page(teacher, biology.quiz, states="in_progress,graded", limit=1)
    neither = await page(teacher, biology.quiz, states="lost")

    assert open_ == {"total": 1, "attempts": [begun]}
    assert either == {"total": 5, "attempts": made[:1]}
    assert neither == {"total": 0, "attempts": []}


@pytest.mark.parametrize(
    ("user", "status"),
    [
        (LEARNER, 200),
        (TEACHER, 200),
        (OPERATOR, 200),
        (OTHER_LEARNER, 403),
        (PROCTOR, 403),
        (STRANGER, 403),
    ],
)
async def test_an_attempt_is_for_its_owner_and_for_those_who_teach(
    biology: School, sign_in: SignIn, made: list[dict[str, Any]], user: int, status: int
) -> None:
    browser = await sign_in(biology, user)

    assert (await browser.get(f"/attempts/{made[0]['id']}")).status_code == status


@pytest.mark.parametrize(
    ("user", "status"), [(TEACHER, 200), (OPERATOR, 200), (LEARNER, 403), (STRANGER, 403)]
)
async def test_submissions_are_for_those_who_teach(
    biology: School, sign_in: SignIn, user: int, status: int
) -> None:
    browser = await sign_in(biology, user)

    found = await browser.get(f"/assessments/{biology.quiz}/submissions")

    assert found.status_code == status


async def test_who_left_the_course_does_not_see_their_attempts_any_more(
    biology: School, sign_in: SignIn, made: list[dict[str, Any]]
) -> None:
    leave = "DELETE FROM enrolments WHERE tenant_id = $1 AND user_id = $2"
    await biology.db.execute(leave, biology.tenant, LEARNER)
    browser = await sign_in(biology, LEARNER)

    assert (await browser.get(f"/attempts/{made[0]['id']}")).status_code == 403


async def test_attempts_of_another_tenant_are_not_there(
    biology: School, another: School, sign_in: SignIn, made: list[dict[str, Any]]
) -> None:
    browser = await sign_in(another, LEARNER)

    assert (await browser.get(f"/attempts/{made[0]['id']}")).status_code == 404


@pytest.mark.parametrize("attempt", ["x", "1-2", "7-4-9", "99-4-1", "7-4-1-1", "-7-4-1"])
async def test_an_attempt_that_is_not_there_is_not_found(
    biology: School, sign_in: SignIn, attempt: str
) -> None:
    browser = await sign_in(biology, LEARNER)

    assert (await browser.get(f"/attempts/{attempt}")).status_code == 404


@pytest.mark.parametrize("query", ["limit=x", "after_user=-1", "after_number=1.5"])
async def test_a_page_that_makes_no_sense_is_refused(
    biology: School, sign_in: SignIn, query: str
) -> None:
    browser = await sign_in(biology, TEACHER)

    refused = await browser.get(f"/assessments/{biology.quiz}/submissions?{query}")

    assert refused.status_code == 400


async def test_submissions_of_a_lesson_are_not_found(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, TEACHER)

    found = await browser.get(f"/assessments/{biology.lessons[0]}/submissions")

    assert found.status_code == 404


async def test_an_assessments_page_tells_the_time_on_the_wall(
    biology: School, another: School, sign_in: SignIn
) -> None:
    told = []
    for where in (biology, another):
        browser = await sign_in(where, LEARNER)
        told.append((await browser.get(f"/assessments/{where.quiz}")).json()["now"])

    assert told == ["2026-03-10 12:00:00", "2026-03-10 02:00:00"]


async def test_what_was_banked_is_told_as_such(biology: School, sign_in: SignIn) -> None:
    kept = {
        "number": 1,
        "state": "graded",
        "started": "2025-03-10 12:00:00",
        "saved": None,
        "submitted": "2025-03-10 12:00:00",
        "answers": {},
        "score": 80.0,
        "max": 100.0,
        "late": False,
        "banked": True,
    }
    rows = await seed.contents(biology.db, biology.tenant, biology.course, "assessment")
    write = "UPDATE content SET attempts = $3 WHERE tenant_id = $1 AND id = $2"
    await biology.db.execute(write, biology.tenant, rows[0]["id"], {str(LEARNER): [kept]})
    browser = await sign_in(biology, LEARNER)

    [told] = (await browser.get(f"/assessments/{biology.quiz}/attempts")).json()["attempts"]

    assert told["banked"] is True
