"""What the monolith has scored is exported as it stands, and every difference is explained."""

import json
import stat
from pathlib import Path

import pytest

from legacy.monolith.oulad.load import load
from services.assessment.replay.archive import DefinitionLine
from services.assessment.replay.own_form import ANY
from tests.integration.replay.conftest import Old
from tests.integration.replay.running import banyan, report
from tests.oulad import DATA
from tests.unit.legacy.monolith.oulad.tiny import untracked

ATTEMPTS = """
SELECT coalesce(sum(jsonb_array_length(value)), 0) FROM content, jsonb_each(attempts)
WHERE tenant_id = coalesce($1, tenant_id)
"""
ONE_SCORED = """
SELECT tenant_id, id, body FROM content, jsonb_path_query(attempts, '$.*[*].score') AS score
WHERE kind = 'assessment' AND score > '1' ORDER BY tenant_id, id LIMIT 1
"""
EDIT = "UPDATE content SET body = $3 WHERE tenant_id = $1 AND id = $2"


async def test_every_attempt_of_the_sample_is_explained(old: Old, tmp_path: Path) -> None:
    exported = old.export(tmp_path / "all.jsonl")
    done = banyan("replay", tmp_path / "all.jsonl", "--out", tmp_path)

    assert exported.returncode == 0, exported.stderr
    assert done.returncode == 0, done.stdout + done.stderr
    said = report(tmp_path)
    assert said["attempts"] == await old.db.fetchval(ATTEMPTS, None)
    assert said["classes"]["exact"] > 0


async def test_one_tenants_export_has_nobody_elses(old: Old, tmp_path: Path) -> None:
    old.export(tmp_path / "acme.gz", "--tenant", "acme")
    banyan("replay", tmp_path / "acme.gz", "--out", tmp_path)

    assert report(tmp_path)["attempts"] == await old.db.fetchval(ATTEMPTS, "acme")
    names = [group["name"] for group in report(tmp_path)["assessments"]]
    assert {name.partition("/")[0] for name in names} == {"acme"}


def test_nobody_else_can_read_an_export(old: Old, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    old.export(out)

    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["all.jsonl"]


def test_an_export_overwrites_nothing(old: Old, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    out.write_text("mine")

    done = old.export(out)

    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert out.read_text() == "mine"


def test_an_export_that_fails_leaves_nothing(tmp_path: Path) -> None:
    nobody = "postgresql://nobody@127.0.0.1:9/none"

    done = banyan("legacy", "export", "--out", tmp_path / "a", MONOLITH_DATABASE_URL=nobody)

    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert list(tmp_path.iterdir()) == []


async def test_a_key_that_was_edited_afterwards_is_told_and_explains(
    old: Old, tmp_path: Path
) -> None:
    scored = await old.db.fetchrow(ONE_SCORED)
    assert scored is not None
    tenant, assessment, body = scored
    edited = json.loads(json.dumps(body))
    for question in edited["questions"]:
        question["points"] += 1.0
    await old.db.execute(EDIT, tenant, assessment, edited)
    try:
        old.export(tmp_path / "all.jsonl")
    finally:
        await old.db.execute(EDIT, tenant, assessment, body)

    done = banyan("replay", tmp_path / "all.jsonl", "--out", tmp_path)

    assert done.returncode == 0, done.stdout
    assert report(tmp_path)["classes"]["key change"] > 0
    assert versions(tmp_path / "all.jsonl", f"{tenant}/{assessment}") == [1, 2]


def versions(archive: Path, assessment: str) -> list[int]:
    lines = map(ANY.decode, archive.read_bytes().splitlines())
    told = [line for line in lines if isinstance(line, DefinitionLine)]
    return [line.version for line in told if line.assessment == assessment]


@pytest.mark.skipif(not (DATA / "oulad_course.csv.gz").exists(), reason=f"OULAD is not in {DATA}")
async def test_the_whole_of_oulad_is_explained(old: Old, tmp_path: Path) -> None:
    await load(old.url, DATA, untracked)

    old.export(tmp_path / "oulad.gz", "--tenant", "oulad")
    done = banyan("replay", tmp_path / "oulad.gz", "--out", tmp_path)

    said = report(tmp_path)
    assert done.returncode == 0, done.stdout
    assert said["attempts"] == await old.db.fetchval(ATTEMPTS, "oulad")
    assert said["banked"] > 1_900
    assert set(said["reasons"]) == {"policy"}
    assert set(said["reasons"]["policy"]) == {"LATE_IS_TAKEN"}
