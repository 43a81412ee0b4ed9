"""Classes as the old platform holds them, and what is wrong with that."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from legacy.monolith import seed
from legacy.monolith.local_time import read
from tests.integration.monolith.conftest import SignIn
from tests.integration.monolith.school import LEARNER, OTHER_LEARNER, STRANGER, TEACHER, School
from tests.integration.monolith.serving import Monolith, monolith
from tests.integration.monolith.waiting import until

# It is noon there.
TIMES = {"now": ("11:45", "12:45"), "later": ("12:16", "13:00"), "over": ("10:00", "11:00")}
ROW = "SELECT * FROM rooms WHERE tenant_id = $1"
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture(scope="module")
async def old(monolith_url: str) -> AsyncIterator[Monolith]:
    """One of these tests' own: they move its clock."""
    async with monolith(monolith_url) as running:
        yield running


async def held(school: School, when: str = "now") -> int:
    starts, ends = (read(f"2026-03-10 {at}:00") for at in TIMES[when])
    return await seed.live_class(school.db, school.tenant, school.course, starts, ends)


async def test_a_class_is_opened_begun_and_ended(biology: School, sign_in: SignIn) -> None:
    teacher, learner = await sign_in(biology, TEACHER), await sign_in(biology, LEARNER)
    page = f"/classes/{await held(biology)}"

    closed = (await learner.get(f"{page}/room")).json()
    states = [(await learner.post(f"{page}/join")).json()["state"]]
    states += [(await teacher.post(f"{page}/{verb}")).json()["state"] for verb in ("start", "end")]
    after = await learner.post(f"{page}/join")

    assert (closed["state"], closed["people"]) == ("closed", [])
    assert states == ["open", "live", "ended"]
    assert (after.status_code, after.json()) == (409, {"error": "This class has ended."})


@pytest.mark.parametrize(
    ("when", "user", "answer"),
    [
        ("later", LEARNER, "This class is not open yet."),
        ("later", TEACHER, None),
        ("over", TEACHER, "This class has ended."),
    ],
)
async def test_who_may_open_a_class_and_when(
    biology: School, sign_in: SignIn, when: str, user: int, answer: str | None
) -> None:
    browser = await sign_in(biology, user)

    found = await browser.post(f"/classes/{await held(biology, when)}/join")

    assert found.json().get("error") == answer


async def test_hands_are_up_in_order_and_for_those_inside(
    biology: School, sign_in: SignIn, old: Monolith
) -> None:
    page = f"/classes/{await held(biology)}"
    first, second = await sign_in(biology, LEARNER), await sign_in(biology, OTHER_LEARNER)
    await first.post(f"{page}/join")
    outside = await second.post(f"{page}/hand/raise")
    await second.post(f"{page}/join")
    await second.post(f"{page}/hand/raise")
    old.clock.advance(seconds=1)
    found = (await first.post(f"{page}/hand/raise")).json()
    lowered = (await second.post(f"{page}/hand/lower")).json()

    assert outside.json() == {"error": "Join the class first."}
    assert [hand["id"] for hand in found["hands"]] == [OTHER_LEARNER, LEARNER]
    assert [hand["id"] for hand in lowered["hands"]] == [LEARNER]


async def test_a_class_is_for_those_in_its_course_and_led_by_who_teaches(
    biology: School, sign_in: SignIn
) -> None:
    page = f"/classes/{await held(biology)}"
    learner, stranger = await sign_in(biology, LEARNER), await sign_in(biology, STRANGER)

    assert (await stranger.get(f"{page}/room")).status_code == 403
    assert (await learner.post(f"{page}/start")).status_code == 403
    assert (await learner.post(f"{page}/end")).status_code == 403
    assert (await learner.get("/classes/99/room")).status_code == 404


async def test_room_in_one_row_makes_whoever_polls_wait_for_the_others(
    biology: School, sign_in: SignIn
) -> None:
    page = f"/classes/{await held(biology)}"
    browsers = [await sign_in(biology, user) for user in (LEARNER, OTHER_LEARNER)]
    for browser in browsers:
        await browser.post(f"{page}/join")

    async def are_waiting() -> bool:
        return bool(await biology.db.fetchval(WAITING) == len(browsers))

    async with biology.db.transaction():
        row = await biology.db.fetchrow(f"{ROW} FOR UPDATE", biology.tenant)
        polls = [asyncio.ensure_future(one.get(f"{page}/room")) for one in browsers]
        # The lock is ours: whoever looks at the others' waiting must not wait as well.
        await until(are_waiting)
    answers = await asyncio.gather(*polls)

    assert row is not None
    assert row["people"].keys() == {str(LEARNER), str(OTHER_LEARNER)}
    assert [len(answer.json()["people"]) for answer in answers] == [2, 2]


async def test_present_is_who_polls(biology: School, sign_in: SignIn, old: Monolith) -> None:
    page = f"/classes/{await held(biology)}"
    here, away = await sign_in(biology, LEARNER), await sign_in(biology, OTHER_LEARNER)
    for browser in (here, away):
        await browser.post(f"{page}/join")

    for _ in range(2):
        old.clock.advance(seconds=timedelta(seconds=20).total_seconds())
        found = (await here.get(f"{page}/room")).json()
    back = (await away.get(f"{page}/room")).json()

    assert [one["id"] for one in found["people"]] == [LEARNER]
    assert {one["id"] for one in back["people"]} == {LEARNER, OTHER_LEARNER}
