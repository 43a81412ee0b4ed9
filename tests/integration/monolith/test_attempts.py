"""Attempts over HTTP."""

import asyncio
from typing import Any

import pytest

from legacy.monolith import attempts, seed
from tests.integration.monolith.conftest import SignIn
from tests.integration.monolith.school import LEARNER, OPERATOR, OTHER_LEARNER, School
from tests.integration.monolith.serving import Monolith, monolith
from tests.unit.legacy.monolith.questions import ESSAY, FIVE, RIGHT


async def assessment(school: School, **changed: Any) -> int:
    """One more in the course; its id."""
    body = dict(seed.assessment(**{"questions": FIVE} | changed))
    return await seed.content(school.db, school.tenant, school.course, "assessment", "Quiz", body)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"opens": "2026-03-10 12:00:01"}, "This assessment is not open yet."),
        ({"closes": "2026-03-10 11:59:59"}, "This assessment is closed."),
        ({"attempts_allowed": 0}, "There are no attempts left."),
    ],
)
async def test_what_cannot_be_started_says_why(
    biology: School, sign_in: SignIn, changed: dict[str, Any], sentence: str
) -> None:
    quiz = await assessment(biology, **changed)
    browser = await sign_in(biology, LEARNER)

    refused = await browser.post(f"/assessments/{quiz}/start")

    assert (refused.status_code, refused.json()) == (409, {"error": sentence})


async def test_an_open_attempt_is_returned_as_it_is(biology: School, sign_in: SignIn) -> None:
    quiz = await assessment(biology, attempts_allowed=1)
    browser = await sign_in(biology, LEARNER)

    first = await browser.post(f"/assessments/{quiz}/start")
    second = await browser.post(f"/assessments/{quiz}/start")

    assert first.json() == second.json()


async def test_a_second_submit_gets_the_first_answer(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, LEARNER)
    attempt = (await browser.post(f"/assessments/{biology.quiz}/start")).json()
    url = f"/attempts/{attempt['id']}/submit"

    first = await browser.post(url, json={"answers": RIGHT})
    second = await browser.post(url, json={"answers": {"q1": "b"}})

    assert first.json() == second.json()
    assert first.json()["score"] == 8.5


async def test_a_finished_attempt_takes_no_more_answers(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, LEARNER)
    attempt = (await browser.post(f"/assessments/{biology.quiz}/start")).json()
    await browser.post(f"/attempts/{attempt['id']}/submit")

    refused = await browser.post(f"/attempts/{attempt['id']}/save", json={"answers": RIGHT})

    assert (refused.status_code, refused.json()["error"]) == (409, "This attempt is finished.")


async def test_what_a_human_must_read_waits(biology: School, sign_in: SignIn) -> None:
    essay = await assessment(biology, questions=[ESSAY])
    browser = await sign_in(biology, LEARNER)
    attempt = (await browser.post(f"/assessments/{essay}/start")).json()

    done = await browser.post(f"/attempts/{attempt['id']}/submit", json={"answers": {"q6": "Sea"}})

    assert (done.json()["state"], done.json()["score"]) == ("submitted", None)


async def test_attempts_are_listed_by_number_and_mine_only(
    biology: School, sign_in: SignIn
) -> None:
    mine, others = await sign_in(biology, LEARNER), await sign_in(biology, OTHER_LEARNER)
    for browser in (mine, mine, others):
        attempt = (await browser.post(f"/assessments/{biology.quiz}/start")).json()
        await browser.post(f"/attempts/{attempt['id']}/submit")

    listed = (await mine.get(f"/assessments/{biology.quiz}/attempts")).json()["attempts"]

    assert [(attempt["user"], attempt["number"]) for attempt in listed] == [(4, 1), (4, 2)]


@pytest.mark.parametrize("verb", ["save", "submit"])
async def test_another_s_attempt_is_not_touched(
    biology: School, sign_in: SignIn, verb: str
) -> None:
    mine, others = await sign_in(biology, LEARNER), await sign_in(biology, OTHER_LEARNER)
    attempt = (await mine.post(f"/assessments/{biology.quiz}/start")).json()

    refused = await others.post(f"/attempts/{attempt['id']}/{verb}", json={"answers": RIGHT})
    listed = (await mine.get(f"/assessments/{biology.quiz}/attempts")).json()["attempts"]

    assert refused.status_code == 403
    assert listed == [attempt]


@pytest.mark.parametrize("attempt", ["x", "1-2", "7-4-9", "99-4-1", "7-4-1-1", "-7-4-1"])
async def test_an_attempt_that_is_not_there_is_not_found(
    biology: School, sign_in: SignIn, attempt: str
) -> None:
    browser = await sign_in(biology, LEARNER)

    assert (await browser.post(f"/attempts/{attempt}/submit")).status_code == 404


async def test_only_learners_start(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, OPERATOR)

    assert (await browser.post(f"/assessments/{biology.quiz}/start")).status_code == 403


@pytest.mark.parametrize("answers", [[], "a", 7])
async def test_answers_of_another_form_are_refused(
    biology: School, sign_in: SignIn, answers: object
) -> None:
    browser = await sign_in(biology, LEARNER)
    attempt = (await browser.post(f"/assessments/{biology.quiz}/start")).json()

    refused = await browser.post(f"/attempts/{attempt['id']}/save", json={"answers": answers})

    assert refused.status_code == 400


MANY = range(10, 18)


async def start_at_once(old: Monolith, school: School) -> set[int]:
    """Many learners start one quiz; whose attempts are kept."""
    for user in MANY:
        await seed.person(school.db, school.tenant, user)
        await seed.enrol(school.db, school.tenant, school.course, user)
    browsers = [await old.signed_in(school.tenant, user) for user in MANY]
    start = f"/assessments/{school.quiz}/start"
    await asyncio.gather(*(browser.post(start) for browser in browsers))
    for browser in browsers:
        await browser.aclose()
    rows = await seed.contents(school.db, school.tenant, school.course, "assessment")
    return set(map(int, rows[0]["attempts"]))


async def test_learners_who_write_at_once_do_not_overwrite_each_other(
    monolith_url: str, biology: School
) -> None:
    async with monolith(monolith_url, delay_ms=20) as old:
        kept = await start_at_once(old, biology)

    assert kept == set(MANY)


async def test_learners_who_write_at_once_do_overwrite_each_other_without_the_locks(
    monolith_url: str, biology: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    for lock in ("LOCK_COURSE", "LOCK_CONTENT"):
        monkeypatch.setattr(attempts, lock, getattr(attempts, lock).replace("FOR UPDATE", ""))

    async with monolith(monolith_url, delay_ms=50) as old:
        kept = await start_at_once(old, biology)

    assert len(kept) < len(MANY)
