"""Whatever is written over the monolith's API leaves exactly the right rows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest

from legacy.monolith import seed
from legacy.monolith.app import WRITES
from tests.integration.feeder.changed import Changes, changes_of
from tests.integration.monolith.school import LEARNER, TEACHER, School
from tests.integration.monolith.serving import Monolith, monolith

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
ANSWERS = {"answers": {"q1": "an answer of mine"}}


@dataclass(frozen=True, slots=True)
class Write:
    """`asks` are POSTs before it, each after a second; `streams` is what the last one changes."""

    route: str
    who: int
    paths: list[str]
    streams: list[str]
    body: dict[str, Any] | None = None


# Ids of a school's contents are 1 to 7: two modules with two lessons each, and the quiz.
RENAME, COMPLETE = "/courses/1/rename", "/lessons/2/complete"
START, SAVE, SUBMIT = "/assessments/7/start", "/attempts/7-4-1/save", "/attempts/7-4-1/submit"
JOIN, LEAVE, OPEN, END = (f"/classes/1/{what}" for what in ("join", "leave", "start", "end"))
RAISE, LOWER = "/classes/1/hand/raise", "/classes/1/hand/lower"
CLASS_HOURS = datetime(2026, 3, 10, 12), datetime(2026, 3, 10, 14)  # noqa: DTZ001
TITLE = {"title": "Renamed"}
WRITTEN = [
    Write("/courses/{id:int}/rename", TEACHER, [RENAME], ["course/1"], TITLE),
    Write("/courses/{id:int}/rename", TEACHER, [RENAME, RENAME], [], TITLE),
    Write("/courses/{id:int}/rename", LEARNER, [RENAME], [], TITLE),
    Write("/lessons/{id:int}/complete", LEARNER, [COMPLETE], ["completions/1/4"]),
    Write("/lessons/{id:int}/complete", LEARNER, [COMPLETE, COMPLETE], []),
    Write("/assessments/{id:int}/start", LEARNER, [START], ["attempts/7/4"]),
    Write("/assessments/{id:int}/start", LEARNER, [START, START], []),
    Write("/attempts/{attempt}/save", LEARNER, [START, SAVE], ["attempts/7/4"], ANSWERS),
    Write("/attempts/{attempt}/save", LEARNER, [START, SAVE, SAVE], ["attempts/7/4"], ANSWERS),
    Write("/attempts/{attempt}/submit", LEARNER, [START, SUBMIT], ["attempts/7/4"], ANSWERS),
    Write("/attempts/{attempt}/submit", LEARNER, [START, SUBMIT, SUBMIT], [], ANSWERS),
    Write("/classes/{id:int}/join", LEARNER, [JOIN], ["room/1"]),
    Write("/classes/{id:int}/join", LEARNER, [JOIN, JOIN], []),
    Write("/classes/{id:int}/leave", LEARNER, [JOIN, LEAVE], []),
    Write("/classes/{id:int}/start", TEACHER, [JOIN, OPEN], ["room/1"]),
    Write("/classes/{id:int}/start", LEARNER, [JOIN, OPEN], []),
    Write("/classes/{id:int}/end", TEACHER, [JOIN, END], ["room/1"]),
    Write("/classes/{id:int}/end", TEACHER, [JOIN, END, END], []),
    Write("/classes/{id:int}/hand/raise", LEARNER, [JOIN, RAISE], []),
    Write("/classes/{id:int}/hand/lower", LEARNER, [JOIN, RAISE, LOWER], []),
]


@pytest.fixture(scope="module")
async def old(monolith_url: str) -> AsyncIterator[Monolith]:
    async with monolith(monolith_url) as running:
        yield running


async def changed_by(write: Write, old: Monolith, school: School) -> Changes:
    """What the last of the POSTs changed."""
    await seed.live_class(school.db, school.tenant, school.course, *CLASS_HOURS)
    browser = await old.signed_in(school.tenant, write.who)
    changes = await changes_of(school.db, school.tenant)
    for path in write.paths:
        await changes.skip()
        await browser.post(path, json=write.body or {}, headers={"traceparent": TRACE})
        old.clock.advance(seconds=1)
    await browser.aclose()
    return changes


@pytest.mark.parametrize("write", WRITTEN, ids=lambda write: f"{len(write.paths)}-{write.route}")
async def test_every_write_leaves_exactly_its_rows(
    write: Write, old: Monolith, biology: School
) -> None:
    changes = await changed_by(write, old, biology)

    assert await changes.streams() == write.streams


def test_no_write_is_left_out() -> None:
    assert {write.route for write in WRITTEN} == WRITES.keys()


@pytest.mark.parametrize(
    ("table", "write"), [("courses", 0), ("completions", 3), ("content", 5), ("rooms", 11)]
)
async def test_without_its_trigger_a_write_leaves_no_row(
    old: Monolith, biology: School, table: str, write: int
) -> None:
    await biology.db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        changes = await changed_by(WRITTEN[write], old, biology)
    finally:
        await biology.db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    assert await changes.streams() != WRITTEN[write].streams


async def test_a_change_bears_the_trace_of_its_request_alone(
    old: Monolith, biology: School
) -> None:
    browser = await old.signed_in(biology.tenant, LEARNER)
    lessons = biology.lessons
    await browser.post(f"/lessons/{lessons[0]}/complete", headers={"traceparent": TRACE})
    await browser.post(f"/lessons/{lessons[1]}/complete", headers={"traceparent": "'; DROP"})
    await browser.post(f"/lessons/{lessons[2]}/complete")
    await browser.aclose()

    found = await biology.db.fetch(
        "SELECT traceparent FROM changes WHERE stream = $1 ORDER BY id",
        f"completions/{biology.tenant}/{biology.course}/{LEARNER}",
    )

    assert [row["traceparent"] for row in found] == [TRACE, None, None]


async def test_answers_are_not_written_beside_the_tables(old: Monolith, biology: School) -> None:
    changes = await changed_by(WRITTEN[7], old, biology)
    kept = await seed.contents(biology.db, biology.tenant, biology.course, "assessment")

    [(_, attempts)] = await changes.since()

    assert kept[0]["attempts"]["4"][0]["answers"] == ANSWERS["answers"]
    assert [attempt.get("answers") for attempt in attempts] == [None]


async def test_a_refused_write_is_no_news(old: Monolith, biology: School) -> None:
    browser: httpx.AsyncClient = await old.signed_in(biology.tenant, LEARNER)
    changes = await changes_of(biology.db, biology.tenant)

    refused = [await browser.post(path) for path in ("/lessons/99/complete", SUBMIT, RENAME)]
    await browser.aclose()

    assert [answer.status_code for answer in refused] == [404, 404, 403]
    assert await changes.streams() == []
