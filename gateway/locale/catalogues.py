"""Reads what our sentences are in other languages: one gettext file a language, by the English."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
Catalogue: TypeAlias = Mapping[str, str]


def read_all(folder: Path = FOLDER) -> dict[str, Catalogue]:
    """By language; raises PoFileError for a file that cannot be read."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.po"))}


def _read(path: Path) -> Catalogue:
    """What a translator has marked as doubtful counts as not translated."""
    with path.open("rb") as file:
        found = read_po(file, locale=path.stem, abort_invalid=True)
    return {
        str(one.id): str(one.string) for one in found if one.id and one.string and not one.fuzzy
    }
