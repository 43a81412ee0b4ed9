"""What `banyan backfill` offers, and what it says of what it does not."""

import pytest
from click.testing import CliRunner

from services.backfill.cli import backfill
from services.backfill.target import offered, target
from services.contracts.snapshot import Kind


def test_every_service_with_a_projection_is_offered() -> None:
    assert offered() == ["assessment", "live_class", "progress"]


@pytest.mark.parametrize("name", ["assessment", "live_class", "progress"])
def test_a_target_is_its_apps_own_and_names_each_kind_once(name: str) -> None:
    found = target(name)

    assert found.app == name
    assert len(set(found.kinds)) == len(found.kinds)


def test_together_they_take_every_kind_there_is() -> None:
    assert {kind for name in offered() for kind in target(name).kinds} == set(Kind)


def test_an_unknown_app_is_refused_with_those_there_are() -> None:
    result = CliRunner().invoke(backfill, ["nothing"])

    assert result.exit_code == 2
    assert "'live_class', 'progress', 'all'" in result.output


def test_where_nothing_runs_it_says_so_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("BANYAN_HOME", str(tmp_path))

    result = CliRunner().invoke(backfill, ["progress"])

    assert result.exit_code == 1
    assert result.output == (
        f"Error: Nothing runs from {tmp_path}: start it with `make run`, or set BANYAN_HOME.\n"
    )
