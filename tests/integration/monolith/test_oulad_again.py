"""An import leaves alone what was done since, and leaves nothing when it fails."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from legacy.monolith import database
from legacy.monolith.database import Connection
from legacy.monolith.oulad import store
from legacy.monolith.oulad.data import Data, Track
from legacy.monolith.oulad.files import BadFile
from legacy.monolith.oulad.load import load
from tests.integration.monolith.fresh import checksums, fresh
from tests.integration.monolith.waiting import until
from tests.unit.legacy.monolith.oulad.tiny import ROWS, folder, untracked

NUMBERS = count(1)
BEGUN = [{"number": 1, "state": "in_progress"}]
FAILED = "a row that the database refuses"


@pytest.fixture
async def url(database_url: str) -> AsyncIterator[str]:
    async with fresh(database_url, f"banyan_test_oulad_{next(NUMBERS)}") as url:
        yield url


@pytest.fixture
async def db(url: str) -> AsyncIterator[Connection]:
    connection = await database.connect(url)
    yield connection
    await connection.close()


async def banyan_import(url: str, *arguments: str, home: Path) -> tuple[int, str]:
    """The command as its user runs it: its status, and all that it says."""
    main = "from legacy.monolith.cli import import_; import_()"
    env = {**os.environ, "MONOLITH_DATABASE_URL": url, "BANYAN_HOME": str(home), "COLUMNS": "120"}
    command = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", main, "oulad", *arguments),
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        said, _ = await command.communicate()
    return command.returncode or 0, said.decode()


async def test_attempts_made_since_are_kept(url: str, db: Connection, tmp_path: Path) -> None:
    await load(url, folder(tmp_path), untracked)
    regraded = [{"number": 1, "score": 99.0}]
    write = "UPDATE content SET attempts = attempts || $1 WHERE id = 11"
    await db.execute(write, {"101": regraded, "103": BEGUN})

    await load(url, folder(tmp_path), untracked)

    attempts = await db.fetchval("SELECT attempts FROM content WHERE id = 11")
    assert (attempts["101"], attempts["103"]) == (regraded, BEGUN)
    assert attempts["102"][0]["score"] == 90.0


async def import_while_a_learner_begins(
    url: str, where: Path, monkeypatch: pytest.MonkeyPatch
) -> object:
    """What is kept of an attempt that is not committed when the import comes to the attempts."""
    await load(url, folder(where), untracked)
    learner, watcher = await database.connect(url), await database.connect(url)
    writing, merge = learner.transaction(), store._attempts

    async def merge_late(db: Connection, data: Data, track: Track) -> store.Counted:
        await writing.start()
        write = "UPDATE content SET attempts = attempts || $1 WHERE id = 12"
        await learner.execute(write, {"103": BEGUN})
        return await merge(db, data, track)

    monkeypatch.setattr(store, "_attempts", merge_late)
    rows = [*ROWS["studentAssessment"], "12,103,50,0,61"]
    async with asyncio.TaskGroup() as work:
        work.create_task(load(url, folder(where, studentAssessment=rows), untracked))
        await until(lambda: someone_waits(watcher))
        await writing.commit()
    kept: object = await watcher.fetchval("SELECT attempts -> '103' FROM content WHERE id = 12")
    await learner.close()
    await watcher.close()
    return kept


async def someone_waits(db: Connection) -> bool:
    waiting = """SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'"""
    return bool(await db.fetchval(waiting))


async def test_an_attempt_begun_during_an_import_is_kept(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await import_while_a_learner_begins(url, tmp_path, monkeypatch)

    assert kept == BEGUN


async def test_an_attempt_begun_during_an_import_is_lost_without_the_lock(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_LOCK", "SELECT $1::text")

    kept = await import_while_a_learner_begins(url, tmp_path, monkeypatch)

    assert kept != BEGUN


async def test_a_submission_published_since_is_added(
    url: str, db: Connection, tmp_path: Path
) -> None:
    await load(url, folder(tmp_path), untracked)

    rows = [*ROWS["studentAssessment"], "12,103,50,0,61"]
    again = await load(url, folder(tmp_path, studentAssessment=rows), untracked)

    assert again.counts["submissions taken"] == store.Counted(given=4, new=1)
    assert again.counts["completions derived"].new == 6
    attempts = await db.fetchval("SELECT attempts FROM content WHERE id = 12")
    assert sorted(attempts) == ["101", "103"]


async def test_names_and_completions_made_since_are_kept(
    url: str, db: Connection, tmp_path: Path
) -> None:
    await load(url, folder(tmp_path), untracked)
    await db.execute("UPDATE courses SET title = 'Renamed'")
    await db.execute("INSERT INTO completions VALUES ('oulad', 510, 103, 1, now()::timestamp)")
    await db.execute("UPDATE completions SET done_at = '2020-01-01' WHERE user_id = 101")
    before = await checksums(db)

    await load(url, folder(tmp_path), untracked)

    assert await checksums(db) == before


async def test_a_change_is_seen_by_the_checksum(url: str, db: Connection, tmp_path: Path) -> None:
    await load(url, folder(tmp_path), untracked)
    before = await checksums(db)

    await db.execute("UPDATE completions SET done_at = '2020-01-01' WHERE user_id = 101")

    assert await checksums(db) != before


async def test_two_imports_at_once_take_everything_once(
    url: str, db: Connection, tmp_path: Path
) -> None:
    where = folder(tmp_path)

    both = await asyncio.gather(*[load(url, where, untracked) for _ in range(2)])

    assert sorted(imported.counts["submissions taken"].new for imported in both) == [0, 3]


async def test_other_tenants_are_left_alone(url: str, db: Connection, tmp_path: Path) -> None:
    await db.execute("""INSERT INTO content (tenant_id, id, course_id, kind, position, title)
        VALUES ('acme', 11, 1, 'assessment', 1, 'Quiz')""")

    await load(url, folder(tmp_path), untracked)

    assert await db.fetchval("SELECT attempts FROM content WHERE tenant_id = 'acme'") == {}


async def test_an_import_that_fails_half_way_leaves_nothing(
    url: str, db: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(FAILED)

    monkeypatch.setattr("legacy.monolith.oulad.tables.completion", broken)
    before = await checksums(db)

    with pytest.raises(RuntimeError, match=FAILED):
        await load(url, folder(tmp_path), untracked)

    assert await checksums(db) == before


async def test_a_malformed_file_leaves_nothing(url: str, db: Connection, tmp_path: Path) -> None:
    before = await checksums(db)
    (folder(tmp_path) / "studentAssessment.csv").write_text("id_student\n1\n")

    with pytest.raises(BadFile):
        await load(url, tmp_path, untracked)

    assert await checksums(db) == before


async def test_the_command_tells_what_it_did_and_whom_to_sign_in_as(
    url: str, tmp_path: Path
) -> None:
    (tmp_path / "demo.json").write_text('{"acme": {"learner": "4"}}')
    rows = [*ROWS["studentAssessment"], "11,102,soon,0,78"]

    status, said = await banyan_import(
        url, str(folder(tmp_path, studentAssessment=rows)), home=tmp_path
    )

    assert status == 0, said
    assert "malformed: studentAssessment.csv, line 6" in said
    assert json.loads((tmp_path / "demo.json").read_text()) == {
        "acme": {"learner": "4"},
        "oulad": {"operator": "2", "teacher": "1", "proctor": "3", "learner": "101"},
    }


async def test_a_second_command_says_that_all_is_there(url: str, tmp_path: Path) -> None:
    where = str(folder(tmp_path))
    await banyan_import(url, where, home=tmp_path / "nowhere")

    status, said = await banyan_import(url, where, home=tmp_path / "nowhere")

    assert status == 0, said
    assert said.count("already there") == 8
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("database_name", "sentence"),
    [("", "has none of oulad_course.csv.gz"), ("no_such", "does not exist")],
)
async def test_the_command_fails_with_one_sentence(
    url: str, tmp_path: Path, database_name: str, sentence: str
) -> None:
    if database_name:
        folder(tmp_path)
        url = url.rpartition("/")[0] + f"/{database_name}"

    status, said = await banyan_import(url, str(tmp_path), home=tmp_path)

    assert status == 1
    assert sentence in said
    assert "Traceback" not in said


async def test_missing_tables_are_told_with_the_command_that_makes_them(
    database_url: str, tmp_path: Path
) -> None:
    status, said = await banyan_import(database_url, str(folder(tmp_path)), home=tmp_path)

    assert status == 1
    assert "python -m legacy.monolith.migrate" in said
