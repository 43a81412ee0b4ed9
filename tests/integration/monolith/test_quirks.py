"""The sins of the old platform, each shown."""

import asyncio
import json
from datetime import datetime

import httpx
import pytest

from legacy import quirks
from legacy.monolith import attempts, progress, seed
from legacy.monolith.app import READS, WRITES
from legacy.monolith.database import Connection
from tests.integration.monolith import test_quirks_of_attempts, test_quirks_of_rooms
from tests.integration.monolith.conftest import SignIn
from tests.integration.monolith.school import (
    LEARNER,
    OTHER_LEARNER,
    STRANGER,
    TEACHER,
    School,
)
from tests.integration.monolith.serving import monolith
from tests.integration.monolith.waiting import until
from tests.unit.legacy.monolith.questions import question

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def are_waiting(db: Connection, how_many: int) -> None:
    async def claim() -> bool:
        return bool(await db.fetchval(WAITING) == how_many)

    await until(claim)


def test_every_quirk_has_a_test() -> None:
    tests = [*globals(), *vars(test_quirks_of_attempts), *vars(test_quirks_of_rooms)]
    names = [name.removeprefix("test_") for name in tests if name.startswith("test_")]

    for quirk in quirks.QUIRKS:
        assert any(name.startswith(quirk.name.lower()) for name in names), quirk.name


async def test_attempts_in_content_keeps_everybodys_in_one_row_and_touches_the_course(
    biology: School, sign_in: SignIn
) -> None:
    for user in (LEARNER, OTHER_LEARNER):
        browser = await sign_in(biology, user)
        await browser.post(f"/assessments/{biology.quiz}/start")

    rows = await seed.contents(biology.db, biology.tenant, biology.course, "assessment")
    touched_at = await biology.db.fetchval(
        "SELECT touched_at FROM courses WHERE tenant_id = $1 AND id = 1", biology.tenant
    )

    assert set(rows[0]["attempts"]) == {str(LEARNER), str(OTHER_LEARNER)}
    assert touched_at == datetime(2026, 3, 10, 12, 0)  # noqa: DTZ001


async def test_attempts_in_content_makes_learners_of_one_course_wait_for_each_other(
    biology: School, another: School, sign_in: SignIn
) -> None:
    quiz = dict(seed.assessment())
    other_quiz = await seed.content(biology.db, biology.tenant, 1, "assessment", "Other", quiz)
    first, second = await sign_in(biology, LEARNER), await sign_in(biology, OTHER_LEARNER)
    elsewhere = await sign_in(another, LEARNER)

    async with biology.db.transaction():
        await biology.db.fetch(attempts.LOCK_CONTENT, biology.tenant, biology.quiz)
        slow = asyncio.create_task(first.post(f"/assessments/{biology.quiz}/start"))
        await are_waiting(biology.db, 1)
        # Another assessment, another learner, the same course.
        stopped = asyncio.create_task(second.post(f"/assessments/{other_quiz}/start"))
        await are_waiting(biology.db, 2)
        passed = await elsewhere.post(f"/assessments/{another.quiz}/start")

    assert passed.status_code == 200
    assert [(await slow).status_code, (await stopped).status_code] == [200, 200]


async def test_progress_by_scan_reads_what_everybody_did(biology: School) -> None:
    for user in range(10, 60):
        for lesson in biology.lessons:
            when = datetime(2026, 3, 1)  # noqa: DTZ001
            await seed.complete(biology.db, biology.tenant, 1, lesson, user, when)

    explain = "EXPLAIN (ANALYZE, FORMAT JSON) " + progress.EVERYONES
    plan = json.loads(await biology.db.fetchval(explain, biology.tenant, 1))[0]["Plan"]
    while "Plans" in plan:
        plan = plan["Plans"][0]

    assert plan["Actual Rows"] == 50 * len(biology.lessons)


async def test_no_batch_is_offered_anywhere(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, LEARNER)

    asked = [await browser.get(path, params={"ids": "1,2"}) for path in ("/courses", "/lessons")]

    assert [answer.status_code for answer in asked] == [404, 404]
    assert all(path.count("{") <= 1 for path in [*READS, *WRITES])


async def test_login_page_with_200_is_all_that_is_said_of_a_dead_session(
    monolith_url: str, biology: School
) -> None:
    async with monolith(monolith_url, session_s=60) as short:
        browser = await short.signed_in(biology.tenant, LEARNER)
        short.clock.advance(minutes=2)
        read = await browser.get("/my/courses")
        written = await browser.post(f"/lessons/{biology.lessons[0]}/complete")
        unknown = await browser.get("/nowhere")
        await browser.aclose()

    for answer in (read, written, unknown):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert not await biology.db.fetchval(
        "SELECT count(*) FROM completions WHERE tenant_id = $1", biology.tenant
    )


async def test_local_times_differ_between_tenants_at_one_instant(
    biology: School, another: School, sign_in: SignIn
) -> None:
    started = []
    for where in (biology, another):
        browser = await sign_in(where, LEARNER)
        started.append((await browser.post(f"/assessments/{where.quiz}/start")).json()["started"])

    assert started == ["2026-03-10 12:00:00", "2026-03-10 02:00:00"]


async def test_float_scores_lose_a_tenth_of_three_thirds(biology: School, sign_in: SignIn) -> None:
    thirds = [question("multiple", ["a", "b", "c"], 1.0, id_) for id_ in ("q1", "q2", "q3")]
    body = dict(seed.assessment(thirds))
    quiz = await seed.content(biology.db, biology.tenant, 1, "assessment", "Thirds", body)
    browser = await sign_in(biology, LEARNER)
    attempt = (await browser.post(f"/assessments/{quiz}/start")).json()

    answers = {"q1": ["a"], "q2": ["a"], "q3": ["a"]}
    done = await browser.post(f"/attempts/{attempt['id']}/submit", json={"answers": answers})

    assert (done.json()["score"], done.json()["max"]) == (0.9, 3.0)


async def test_ids_collide_between_tenants(
    biology: School, another: School, sign_in: SignIn
) -> None:
    await another.db.execute(
        "UPDATE courses SET title = 'Another' WHERE tenant_id = $1 AND id = 1", another.tenant
    )

    titles = []
    for where in (biology, another):
        browser = await sign_in(where, LEARNER)
        titles.append((await browser.get("/courses/1")).json()["title"])

    assert titles == ["Biology", "Another"]


@pytest.mark.parametrize(("workers", "is_stopped"), [(1, True), (2, False)])
async def test_small_pool_is_stopped_by_as_many_slow_requests_as_it_has_workers(
    monolith_url: str, biology: School, another: School, workers: int, is_stopped: bool
) -> None:
    async with monolith(monolith_url, workers=workers) as small:
        slow = await small.signed_in(biology.tenant, LEARNER)
        other = await small.signed_in(another.tenant, LEARNER)
        async with biology.db.transaction():
            await biology.db.fetch(attempts.LOCK_CONTENT, biology.tenant, biology.quiz)
            stuck = asyncio.create_task(slow.post(f"/assessments/{biology.quiz}/start"))
            await are_waiting(biology.db, 1)
            try:
                await other.get("/me", timeout=0.5)
                was_stopped = False
            except httpx.ReadTimeout:
                was_stopped = True
            health = await other.get("/health")
        await stuck
        await slow.aclose()
        await other.aclose()

    assert was_stopped is is_stopped
    assert health.text == "ok"


@pytest.mark.parametrize("path", ["", "/outline", "/progress", "/assessments", "/classes"])
async def test_existence_leaks_by_the_status(biology: School, sign_in: SignIn, path: str) -> None:
    browser = await sign_in(biology, STRANGER)

    theirs = await browser.get(f"/courses/{biology.course}{path}")
    nobodys = await browser.get(f"/courses/99{path}")

    assert (theirs.status_code, theirs.text) == (403, "Forbidden")
    assert (nobodys.status_code, nobodys.text) == (404, "Not Found")


async def test_no_keys_are_heeded_so_a_repeated_start_is_a_second_attempt(
    biology: School, sign_in: SignIn
) -> None:
    browser = await sign_in(biology, LEARNER)
    key = {"idempotency-key": "the same"}

    first = (await browser.post(f"/assessments/{biology.quiz}/start", headers=key)).json()
    await browser.post(f"/attempts/{first['id']}/submit")
    repeated = (await browser.post(f"/assessments/{biology.quiz}/start", headers=key)).json()

    assert (first["number"], repeated["number"]) == (1, 2)


async def test_no_keys_are_needed_to_repeat_a_rename(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, TEACHER)
    rename = f"/courses/{biology.course}/rename"

    first = await browser.post(rename, json={"title": "Life"})
    repeated = await browser.post(rename, json={"title": "Life"})

    assert first.json() == repeated.json()
