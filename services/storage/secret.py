"""Random secrets of the local stack, each made once and kept in a file only its owner reads."""

import os
import secrets
from pathlib import Path

FOLDER = "keys"


def secret(home: Path, name: str) -> str:
    """The secret of that name; made when it is not there yet."""
    path = path_of(home, name)
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _write_whole(path, secrets.token_urlsafe(32))
    return path.read_text().strip()


def path_of(home: Path, name: str) -> Path:
    return home / FOLDER / name


def write_private(path: Path, text: str) -> None:
    """Writes a file that nobody else could read at any moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _write_whole(path: Path, text: str) -> None:
    # Renamed into place: a crash half way would otherwise leave an empty secret for good.
    unfinished = path.with_name(path.name + ".new")
    write_private(unfinished, text + "\n")
    unfinished.replace(path)
