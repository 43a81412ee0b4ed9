"""The list of people worth signing in as."""

import json
from pathlib import Path

from legacy.monolith.demo import remember


def test_a_tenant_is_added_and_the_others_stay(tmp_path: Path) -> None:
    remember(tmp_path, {"a": {"learner": "1"}, "b": {"learner": "1"}})

    remember(tmp_path, {"b": {"learner": "2"}})

    told = json.loads((tmp_path / "demo.json").read_text())
    assert told == {"a": {"learner": "1"}, "b": {"learner": "2"}}


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    remember(tmp_path, {"a": {"learner": "1"}})

    assert [path.name for path in tmp_path.iterdir()] == ["demo.json"]


def test_no_state_folder_is_made(tmp_path: Path) -> None:
    remember(tmp_path / "absent", {"a": {"learner": "1"}})

    assert not (tmp_path / "absent").exists()
