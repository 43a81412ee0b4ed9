"""The sins of the old platform that concern attempts, each shown."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from legacy import conflicts
from legacy.monolith import rooms, seed
from legacy.monolith.app import WRITES
from legacy.monolith.clock import FakeClock
from tests.integration.monolith.conftest import SignIn
from tests.integration.monolith.school import LEARNER, PROCTOR, TEACHER, School, school
from tests.integration.monolith.serving import monolith
from tests.unit.legacy.monolith.questions import ESSAY, FIVE, RIGHT

BANKED = {
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
CLOSES = "2026-03-10 12:30:00"

Add = Callable[..., Awaitable[int]]


@pytest.fixture
def add(biology: School) -> Add:
    """One more assessment in the course: `quiz = await add(closes=...)`."""

    async def add(**changed: Any) -> int:
        body = dict(seed.assessment(**{"questions": FIVE} | changed))
        return await seed.content(biology.db, biology.tenant, 1, "assessment", "Quiz", body)

    return add


async def started(browser: httpx.AsyncClient, quiz: int) -> str:
    """The attempt's path."""
    attempt = (await browser.post(f"/assessments/{quiz}/start")).json()
    return f"/attempts/{attempt['id']}"


async def sent(browser: httpx.AsyncClient, path: str, **answers: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await browser.post(path, json={"answers": answers})).json()
    return found


async def test_no_sequences_so_an_old_save_overwrites_a_newer_one(
    biology: School, sign_in: SignIn
) -> None:
    browser = await sign_in(biology, LEARNER)
    path = await started(browser, biology.quiz)

    newer = {"answers": {"q1": "b"}, "sequence": 2, "version": 2}
    older = {"answers": {"q1": "a"}, "sequence": 1, "version": 1}
    for said in (newer, older):
        await browser.post(f"{path}/save", json=said)

    kept = (await browser.get(path)).json()
    assert kept["answers"] == {"q1": "a"}
    assert not {"sequence", "version"} & kept.keys()


async def test_late_is_taken_days_after_the_end(
    monolith_url: str, biology: School, add: Add
) -> None:
    exam = await add(closes=CLOSES, time_limit_min=10, type="EXAM")
    async with monolith(monolith_url, session_s=10**7) as old:
        browser = await old.signed_in(biology.tenant, LEARNER)
        path = await started(browser, exam)
        old.clock.advance(days=30)
        saved = await browser.post(f"{path}/save", json={"answers": RIGHT})
        done = (await browser.post(f"{path}/submit")).json()
        await browser.aclose()

    assert saved.status_code == 200
    assert (done["state"], done["score"], done["late"]) == ("graded", 8.5, True)


async def test_nothing_closes_by_itself(monolith_url: str, biology: School, add: Add) -> None:
    exam = await add(closes=CLOSES, time_limit_min=10, attempts_allowed=1)
    async with monolith(monolith_url, session_s=10**7) as old:
        browser = await old.signed_in(biology.tenant, LEARNER)
        path = await started(browser, exam)
        await browser.post(f"{path}/save", json={"answers": RIGHT})
        old.clock.advance(days=30)
        kept = (await browser.get(path)).json()
        again = await started(browser, exam)
        await browser.aclose()

    assert (kept["state"], kept["score"]) == ("in_progress", None)
    assert again == path


async def test_no_review_state_but_submitted_and_no_score_at_all(
    biology: School, sign_in: SignIn, add: Add
) -> None:
    quiz = await add(questions=[*FIVE, ESSAY])
    browser = await sign_in(biology, LEARNER)
    path = await started(browser, quiz)

    done = await sent(browser, f"{path}/submit", **RIGHT, q6="It depends.")

    assert (done["state"], done["score"]) == ("submitted", None)


async def test_unknown_answers_dropped_without_a_word(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, LEARNER)
    path = await started(browser, biology.quiz)

    said = await browser.post(f"{path}/save", json={"answers": {"q9": "lost", "q1": "a"}})

    assert (said.status_code, said.json()["answers"]) == (200, {"q1": "a"})


async def test_any_answer_is_kept_and_is_worth_nothing(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, LEARNER)
    path = await started(browser, biology.quiz)
    nonsense = {"q1": {"a": []}, "q2": 7, "q3": "three", "q4": True, "q5": "abcd"}

    done = await sent(browser, f"{path}/submit", **nonsense)

    assert (done["answers"], done["score"]) == (nonsense, 0.0)


async def test_banked_counts_as_one_of_those_allowed(
    biology: School, sign_in: SignIn, add: Add
) -> None:
    quiz = await add(attempts_allowed=1)
    write = "UPDATE content SET attempts = $3 WHERE tenant_id = $1 AND id = $2"
    await biology.db.execute(write, biology.tenant, quiz, {str(LEARNER): [BANKED]})
    browser = await sign_in(biology, LEARNER)

    refused = await browser.post(f"/assessments/{quiz}/start")

    assert refused.json() == {"error": "There are no attempts left."}


STAFF = ["pause", "resume", "void", "reopen", "grade", "grant", "regrade", "extend"]


@pytest.mark.parametrize("verb", STAFF)
async def test_no_staff_commands(biology: School, sign_in: SignIn, verb: str) -> None:
    learner, teacher = await sign_in(biology, LEARNER), await sign_in(biology, TEACHER)
    path = await started(learner, biology.quiz)

    refused = [
        await teacher.post(f"{path}/{verb}"),
        await teacher.post(f"/assessments/{biology.quiz}/{verb}"),
    ]

    assert [answer.status_code for answer in refused] == [404, 404]
    assert not [url for url in WRITES if url.endswith(f"/{verb}")]


async def test_no_previews_for_those_who_teach(biology: School, sign_in: SignIn) -> None:
    teacher = await sign_in(biology, TEACHER)

    refused = await teacher.post(f"/assessments/{biology.quiz}/start")

    assert refused.status_code == 403


async def test_proctors_see_nothing(biology: School, sign_in: SignIn) -> None:
    learner, proctor = await sign_in(biology, LEARNER), await sign_in(biology, PROCTOR)
    path = await started(learner, biology.quiz)

    pages = (path, f"/assessments/{biology.quiz}", f"/assessments/{biology.quiz}/submissions")
    refused = [await proctor.get(page) for page in pages]

    assert [answer.status_code for answer in refused] == [403] * 3


async def test_no_key_shown_and_no_points_of_an_item(biology: School, sign_in: SignIn) -> None:
    learner, teacher = await sign_in(biology, LEARNER), await sign_in(biology, TEACHER)
    path = await started(learner, biology.quiz)
    await sent(learner, f"{path}/submit", q1="b")

    shown = (await teacher.get(f"/assessments/{biology.quiz}")).json()
    attempt = (await teacher.get(path)).json()

    assert "cell division" not in str(shown)
    assert not [question for question in shown["questions"] if "answer" in question]
    assert attempt["score"] == 0.0
    assert not [name for name in attempt if "points" in name or "key" in name]


async def test_no_gradebook_so_nobody_is_told_what_they_have_in_a_course(
    biology: School, sign_in: SignIn
) -> None:
    browser = await sign_in(biology, LEARNER)

    progress = (await browser.get("/courses/1/progress")).json()
    asked = [await browser.get(f"/courses/1/{name}") for name in ("scores", "grades", "gradebook")]

    assert set(progress) == {"done", "total"}
    assert {page.status_code for page in asked} == {404}


async def test_no_receipts(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, LEARNER)
    path = await started(browser, biology.quiz)

    done = await browser.post(f"{path}/submit", json={"answers": RIGHT})
    asked = await browser.get(f"{path}/receipt")

    assert not {"receipt", "hash", "accepted"} & done.json().keys()
    assert asked.status_code == 404


async def test_no_old_definitions_so_an_edit_counts_at_once(
    biology: School, sign_in: SignIn
) -> None:
    browser = await sign_in(biology, LEARNER)
    path = await started(browser, biology.quiz)
    await sent(browser, f"{path}/save", q1="a", q4="mitosis")

    edit = "UPDATE content SET body = $3 WHERE tenant_id = $1 AND id = $2"
    other_key = [FIVE[0] | {"answer": "b"}]
    await biology.db.execute(edit, biology.tenant, biology.quiz, dict(seed.assessment(other_key)))
    done = await sent(browser, f"{path}/submit")
    await biology.db.execute(edit, biology.tenant, biology.quiz, dict(seed.assessment(FIVE)))
    after = (await browser.get(path)).json()

    assert (done["answers"], done["score"]) == ({"q1": "a", "q4": "mitosis"}, 0.0)
    assert after == done


async def test_whole_seconds_forgive_the_rest_of_one(
    monolith_url: str, biology: School, add: Add
) -> None:
    quiz = await add(closes=CLOSES)
    async with monolith(monolith_url, session_s=10**7) as old:
        browser = await old.signed_in(biology.tenant, LEARNER)
        path = await started(browser, quiz)
        old.clock.advance(minutes=30, milliseconds=999)
        done = (await browser.post(f"{path}/submit")).json()
        await browser.aclose()

    assert (done["submitted"], done["late"]) == (CLOSES, False)


async def test_wall_clock_limits_last_an_hour_less_when_summer_begins(
    monolith_url: str, biology: School
) -> None:
    london = await school(biology.db, f"{biology.tenant}-london", "Europe/London")
    limit = dict(seed.assessment(FIVE, time_limit_min=90))
    quiz = await seed.content(london.db, london.tenant, 1, "assessment", "Quiz", limit)
    async with monolith(monolith_url, session_s=10**7) as moved:
        at_night(moved.clock)
        browser = await moved.signed_in(london.tenant, LEARNER)
        path = await started(browser, quiz)
        moved.clock.advance(minutes=31)
        done = (await browser.post(f"{path}/submit")).json()
        await browser.aclose()

    assert (done["started"], done["submitted"]) == ("2026-03-29 00:30:00", "2026-03-29 02:01:00")
    assert done["late"] is True


def at_night(clock: FakeClock) -> None:
    """Half an hour before London's clocks are put forward."""
    there = datetime(2026, 3, 29, 0, 30, tzinfo=UTC) - clock.now()
    clock.advance(seconds=there.total_seconds())


async def test_conflicts_in_prose_are_all_known_to_the_adapter(
    biology: School, sign_in: SignIn, add: Add
) -> None:
    browser = await sign_in(biology, LEARNER)
    finished = await started(browser, biology.quiz)
    await browser.post(f"{finished}/submit")
    refusals = [
        await browser.post(f"{finished}/save"),
        await browser.post(f"/assessments/{await add(attempts_allowed=0)}/start"),
        await browser.post(f"/assessments/{await add(closes='2026-03-10 11:00:00')}/start"),
        await browser.post(f"/assessments/{await add(opens='2026-03-10 13:00:00')}/start"),
        *[await browser.post(path) for path in await closed_classes(biology)],
    ]

    assert {refused.status_code for refused in refusals} == {409}
    assert all(refused.json().keys() == {"error"} for refused in refusals)
    assert {refused.json()["error"] for refused in refusals} == conflicts.CODES.keys()


async def closed_classes(school: School) -> list[str]:
    """What a learner cannot do: in one that is not open, not yet open, over, or not joined."""
    paths = []
    for hour, verb in ((12, "hand/raise"), (13, "join"), (10, "join"), (12, "hand/raise")):
        starts, ends = (datetime(2026, 3, 10, at) for at in (hour, hour + 1))  # noqa: DTZ001
        nth = await seed.live_class(school.db, school.tenant, school.course, starts, ends)
        paths.append(f"/classes/{nth}/{verb}")
    await school.db.execute(rooms.OPEN, school.tenant, nth, school.course, starts)
    return paths
