"""A secret is made once, and only its owner reads it."""

from itertools import count
from pathlib import Path

from services.kit.kept import kept


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    numbers, path = count(1), tmp_path / "keys" / "one"

    made = [kept(path, lambda: str(next(numbers)).encode()) for _ in range(3)]

    assert made == [b"1"] * 3
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


def test_whoever_is_quicker_has_made_it_for_all(tmp_path: Path) -> None:
    path = tmp_path / "one"

    def make() -> bytes:
        path.write_bytes(b"of another process")
        return b"ours"

    assert kept(path, make) == b"of another process"
    assert list(tmp_path.iterdir()) == [path]
