"""How far a replay has come, kept beside its report so that it goes on where it stopped."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from services.assessment.replay.explained import Explained
from services.assessment.replay.source import Source
from services.assessment.replay.tally import Tally

PARTS = Path(__file__).parents[1]
SCORED_BY = ("scoring", "model", "replay")


class Entry(msgspec.Struct, frozen=True):
    """`blocks` are judged, and `tally` is theirs; `of` names what was replayed, and how."""

    of: str
    blocks: int
    tally: Tally


class Journal:
    """One file, replaced as a whole."""

    def __init__(self, path: Path, of: str) -> None:
        self._path = path
        self._of = of

    def read(self) -> Entry:
        """Nothing is done yet where there is none, or one of something else."""
        try:
            entry = msgspec.json.decode(self._path.read_bytes(), type=Entry)
        except (FileNotFoundError, msgspec.DecodeError):
            return Entry(self._of, 0, Tally())
        return entry if entry.of == self._of else Entry(self._of, 0, Tally())

    def write(self, blocks: int, tally: Tally) -> None:
        write_whole(self._path, msgspec.json.encode(Entry(self._of, blocks, tally)))

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)


def name_of(source: Source, explained: Sequence[Explained]) -> str:
    """Another archive, list, mapping or scorer has another name."""
    stat = source.path.stat()
    digest = hashlib.sha256(f"{source.path.resolve()} {stat.st_size} {stat.st_mtime_ns}".encode())
    digest.update(msgspec.json.encode([source.definitions, list(explained)]))
    digest.update(repr(source.reader).encode())
    for part in SCORED_BY:
        for file in sorted((PARTS / part).glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """All or nothing; nobody else may read it."""
    new = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    new.replace(path)
