"""The whole of OULAD, as published, becomes a tenant of the monolith."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from legacy.monolith import database
from legacy.monolith.database import Connection
from legacy.monolith.oulad.load import Imported, load
from legacy.monolith.oulad.refusals import Reason
from tests.integration.monolith.fresh import checksums, fresh
from tests.unit.legacy.monolith.oulad.tiny import untracked

DATA = Path(__file__).parents[3].parent / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not (DATA / "oulad_course.csv.gz").exists(), reason=f"OULAD is not in {DATA}"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    url: str
    imported: Imported
    db: Connection

    async def count(self, what: str) -> int:
        number: int = await self.db.fetchval(f"SELECT count(*) FROM {what}")
        return number


@pytest.fixture(scope="module")
async def loaded(database_url: str) -> AsyncIterator[Loaded]:
    async with fresh(database_url, "banyan_test_oulad") as url:
        imported = await load(url, DATA, untracked)
        db = await database.connect(url)
        yield Loaded(url, imported, db)
        await db.close()


async def test_everything_in_the_files_is_taken(loaded: Loaded) -> None:
    new = {what: counted.new for what, counted in loaded.imported.counts.items()}

    assert new == {
        "presentations": 22,
        "modules": 141,
        "lessons": 876,
        "assessments": 206,
        "learners": 28_785,
        "enrolments": 32_593,
        "submissions taken": 173_739,
        "completions derived": 729_786,
    }


async def test_only_submissions_without_a_score_are_refused(loaded: Loaded) -> None:
    assert loaded.imported.refusals.counts == {Reason.NO_SCORE: 173}


async def test_the_tables_hold_what_was_counted(loaded: Loaded) -> None:
    assert await loaded.count("courses WHERE tenant_id = 'oulad'") == 22
    assert await loaded.count("content WHERE kind = 'assessment'") == 206
    assert await loaded.count("roles WHERE role = 'LEARNER'") == 28_785
    assert await loaded.count("enrolments WHERE role = 'LEARNER'") == 32_593
    assert await loaded.count("content, jsonb_object_keys(attempts)") == 173_739
    assert await loaded.count("completions") == 729_786


async def test_no_presentation_has_more_than_forty_lessons(loaded: Loaded) -> None:
    most = await loaded.db.fetchval(
        """SELECT max(lessons) FROM (
            SELECT count(*) AS lessons FROM content WHERE kind = 'lesson' GROUP BY course_id
        ) AS of_courses"""
    )

    assert most == 40


@pytest.mark.parametrize(
    ("course", "assessment", "learner", "score", "submitted"),
    [
        ("AAA/2013J", 1752, 11391, 78.0, "2013-10-19 12:00:00"),
        ("AAA/2013J", 1752, 28400, 70.0, "2013-10-23 12:00:00"),
        ("AAA/2013J", 1752, 31604, 72.0, "2013-10-18 12:00:00"),
    ],
)
async def test_a_published_score_is_found_again(
    loaded: Loaded, course: str, assessment: int, learner: int, score: float, submitted: str
) -> None:
    (attempt,) = await loaded.db.fetchval(
        """SELECT attempts -> $3 FROM content
        JOIN courses ON (courses.tenant_id, courses.id) = (content.tenant_id, content.course_id)
        WHERE code = $1 AND content.id = $2""",
        course,
        assessment,
        str(learner),
    )

    assert (attempt["score"], attempt["max"]) == (score, 100.0)
    assert (attempt["submitted"], attempt["state"]) == (submitted, "graded")


async def test_banked_and_late_submissions_are_as_published(loaded: Loaded) -> None:
    """Of the 1,909 banked ones one has no score; both figures are counted in the files."""
    told = "content, jsonb_each(attempts) AS each WHERE each.value -> 0 ->> '{}' = 'true'"

    assert await loaded.count(told.format("banked")) == 1_908
    assert await loaded.count(told.format("late")) == 49_189


async def test_the_staff_are_who_they_should_be(loaded: Loaded) -> None:
    roles = await loaded.db.fetch("SELECT user_id, role FROM roles WHERE user_id < 4 ORDER BY 1")

    assert [tuple(row) for row in roles] == [(1, "TEACHER"), (2, "OPERATOR"), (3, "PROCTOR")]
    assert await loaded.count("enrolments WHERE user_id = 1 AND role = 'TEACHER'") == 22


async def test_the_demo_learner_is_half_way(loaded: Loaded) -> None:
    learner = loaded.imported.demo_learner

    done = await loaded.db.fetch(
        """SELECT count(*) AS done, (SELECT count(*) FROM content
            WHERE course_id = completions.course_id AND kind = 'lesson') AS lessons
        FROM completions WHERE user_id = $1 GROUP BY course_id""",
        learner,
    )

    assert any(0 < row["done"] < row["lessons"] for row in done)
    assert loaded.imported.in_progress == 20_861


async def test_a_second_import_changes_nothing(loaded: Loaded) -> None:
    before = await checksums(loaded.db)

    again = await load(loaded.url, DATA, untracked)

    assert {counted.new for counted in again.counts.values()} == {0}
    assert await checksums(loaded.db) == before
