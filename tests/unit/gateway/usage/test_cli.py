"""`banyan schema`: who uses what, and whom a change breaks, as one sees it in a terminal."""

import json
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from gateway.usage import check_cli, cli
from gateway.usage.client import UNNAMED, Client
from gateway.usage.counting import Place
from gateway.usage.reading import Known
from schema.cli import schema
from schema.contract import PRINTED

DAY = date(2026, 11, 2)
WEB = Client("web", "1.2")
USED = Known.of(
    {
        Place(DAY, WEB): {"Course.code": 3, "Course.roster": 1, "Course.roster(first:)": 1},
        Place(DAY, UNNAMED): {"Course.title": 7},
    }
)
WITHOUT_CODE = ("  code: String!\n  outline", "  outline")


def known(monkeypatch: pytest.MonkeyPatch, known: Known) -> None:
    for module in (cli, check_cli):
        monkeypatch.setattr(module, "known_of", lambda days: known)


@pytest.fixture(autouse=True)
def used(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch, USED)


@pytest.fixture
def without_code(tmp_path: Path) -> tuple[str, str]:
    """The contract as it is, and without `Course.code`."""
    new = tmp_path / "new.graphql"
    new.write_text(PRINTED.read_text().replace(*WITHOUT_CODE))
    return str(PRINTED), str(new)


def run(*words: str) -> Result:
    return CliRunner().invoke(schema, words)


def rows(told: Result) -> list[list[str]]:
    return [line.split() for line in told.output.splitlines()[1:]]


def test_usage_is_a_table() -> None:
    told = run("usage")

    assert " ".join(told.output.split()[:6]) == "field client version requests last seen"
    assert ["Course.code", "web", "1.2", "3", "2026-11-02"] in rows(told)
    assert ["Course.title", "unnamed", "7", "2026-11-02"] in rows(told)


def test_usage_is_asked_by_client_and_by_field() -> None:
    assert [row[0] for row in rows(run("usage", "--client", "unnamed"))] == ["Course.title"]
    assert [row[0] for row in rows(run("usage", "--field", "Course.roster"))] == [
        "Course.roster",
        "Course.roster(first:)",
    ]
    assert len(rows(run("usage", "--field", "Course"))) == 4


def test_usage_is_told_to_programs() -> None:
    [told] = json.loads(run("usage", "--field", "Course.code", "--json").output)

    assert told == {
        "field": "Course.code",
        "client": "web",
        "version": "1.2",
        "requests": 3,
        "lastSeen": "2026-11-02",
    }


def test_usage_of_what_is_deprecated_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_deprecated", lambda: {"Course.title"})

    assert [row[0] for row in rows(run("usage", "--deprecated"))] == ["Course.title"]


def test_that_there_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("usage", "--field", "Course.none").output == (
        "Nobody used that in the last 30 days; there are numbers since 2026-11-02.\n"
    )
    known(monkeypatch, Known.of({}))
    assert run("usage").output == "Nothing was counted in the last 30 days.\n"
    assert run("usage", "--json").output == "[]\n"


def test_a_check_names_whom_a_change_breaks_and_fails(without_code: tuple[str, str]) -> None:
    told = run("check", *without_code)

    assert told.exit_code == 1
    assert "BREAKING Field Course.code was removed.\n    web 1.2: 3 requests" in told.output
    assert "1 change breaks somebody." in told.output


def test_a_check_of_what_nobody_uses_passes(
    without_code: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known(monkeypatch, Known.of({Place(DAY, WEB): {"Course.title": 1}}))

    told = run("check", *without_code)

    assert told.exit_code == 0
    assert "    nobody uses it\n" in told.output
    assert "there are numbers since 2026-11-02" in told.output


@pytest.mark.parametrize(("option", "code"), [([], 0), (["--strict"], 1)])
def test_a_check_without_numbers_fails_where_it_is_strict(
    without_code: tuple[str, str], monkeypatch: pytest.MonkeyPatch, option: list[str], code: int
) -> None:
    def away(days: int) -> Known:
        raise click.ClickException("Nothing runs here.")

    monkeypatch.setattr(check_cli, "known_of", away)

    told = run("check", *without_code, *option)

    assert told.exit_code == code
    assert "who uses it is not known" in told.output
    assert "Nothing runs here." in told.output


def test_a_strict_check_of_no_change_needs_no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch, Known.of({}))

    assert run("check", str(PRINTED), str(PRINTED), "--strict").exit_code == 0


def test_a_check_without_contracts_is_of_the_printed_one() -> None:
    assert run("check").output == "schema/schema.graphql says what the code says.\n"


def test_what_is_no_contract_is_said(tmp_path: Path) -> None:
    bad = tmp_path / "bad.graphql"

    for text in (b"type {", b"type Query { a: Nothing }", b"\xff"):
        bad.write_bytes(text)
        told = run("check", str(PRINTED), str(bad))
        assert (told.exit_code, "is no contract in SDL" in told.output) == (1, True)
    assert run("check", str(PRINTED)).exit_code == 2


def test_a_system_that_does_not_run_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("BANYAN_HOME", str(tmp_path))
    assert "Nothing runs from" in run("usage").output

    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:9")
    assert "cannot be read" in run("usage").output
