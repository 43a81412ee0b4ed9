"""A secret is made once and read by its owner only."""

from pathlib import Path

from services.storage.secret import path_of, secret, write_private


def test_a_secret_is_the_same_each_time(tmp_path: Path) -> None:
    assert secret(tmp_path, "legacy") == secret(tmp_path, "legacy")
    assert secret(tmp_path, "legacy") != secret(tmp_path, "postgres")


def test_a_secret_is_long_and_private(tmp_path: Path) -> None:
    text = secret(tmp_path, "legacy")

    assert len(text) >= 40
    assert path_of(tmp_path, "legacy").stat().st_mode & 0o777 == 0o600
    assert path_of(tmp_path, "legacy").parent.stat().st_mode & 0o777 == 0o700


def test_a_secret_half_written_by_a_crash_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    write_private(tmp_path / "keys" / "legacy.new", "")

    assert len(secret(tmp_path, "legacy")) >= 40
