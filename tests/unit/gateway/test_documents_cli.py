"""`banyan documents check` says which documents a gateway would refuse."""

from pathlib import Path

from click.testing import CliRunner

from gateway.operation.cli import documents
from tests.unit.gateway.test_texts import manifest


def test_sound_documents_are_told_with_their_costs(tmp_path: Path) -> None:
    path = manifest(tmp_path / "m.json", a="query Me { viewer { id } }")

    told = CliRunner().invoke(documents, ["check", str(path)])

    assert (told.exit_code, told.output) == (0, "a\tMe\tcosts 1\n")


def test_one_that_would_be_refused_fails_the_check(tmp_path: Path) -> None:
    path = manifest(tmp_path / "m.json", a="{ viewer { id } }", b="{ nothing }")

    told = CliRunner().invoke(documents, ["check", str(path)])

    assert told.exit_code == 1
    assert "b\tGRAPHQL_VALIDATION_FAILED" in told.output
    assert "1 of 2 would be refused" in told.output


def test_what_is_no_manifest_is_said(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text("{}")

    assert "is no manifest" in CliRunner().invoke(documents, ["check", str(path)]).output
