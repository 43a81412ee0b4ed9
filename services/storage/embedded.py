"""What every embedded server has in common: a command to run, and a wheel that brings its program.

EmbeddedError
├── MissingWheel     the program is not installed
├── NoAccount        root has nobody to run PostgreSQL as
├── Untrusted        a folder in a public place is not ours
├── OtherVersion     the data were written by another PostgreSQL
└── LostPassword     the data are there, their password is not
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from services.storage.account import Account


class EmbeddedError(Exception):
    """An embedded server cannot be started; the text is one sentence for whoever starts it."""


class MissingWheel(EmbeddedError):
    """The wheel that brings the program is not installed."""


@dataclass(frozen=True, slots=True)
class Command:
    """One process to run: what, where, with which environment, as whom (None: as ourselves)."""

    name: str
    argv: tuple[str, ...]
    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    account: Account | None = None


Run: TypeAlias = Callable[[Command], Awaitable[None]]
"""Runs a command to its end; raises when it fails."""


def folder_of(package: str) -> Path:
    """Where a package lies, found without importing it: theirs warn and search PATH on import."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingWheel(f"The Python package {package} is missing: run `make setup`.")
    return Path(spec.submodule_search_locations[0])
