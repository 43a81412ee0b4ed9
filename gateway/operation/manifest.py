"""Apollo's manifest of persisted queries: the documents that a client's build contains."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from gateway.operation.ask import digest

FORMAT = "apollo-persisted-query-manifest"
VERSION = 1


class BadManifest(ValueError):
    """The file is no manifest."""


class _Operation(msgspec.Struct, frozen=True):
    id: str
    name: str
    type: str
    body: str


class _Manifest(msgspec.Struct, frozen=True):
    format: str
    version: int
    operations: list[_Operation]


@dataclass(frozen=True, slots=True)
class Manifest:
    """`texts` by their ids; `hashes` are of the texts."""

    texts: Mapping[str, str]
    hashes: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Raises BadManifest, or OSError."""
        try:
            return _checked(msgspec.json.decode(path.read_bytes(), type=_Manifest))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
            raise BadManifest(f"{path} is no manifest of persisted queries: {wrong}") from wrong


def _checked(said: _Manifest) -> Manifest:
    if (said.format, said.version) != (FORMAT, VERSION):
        raise BadManifest(f"a manifest is of format {FORMAT} and version {VERSION}")
    texts: dict[str, str] = {}
    for one in said.operations:
        if texts.setdefault(one.id, one.body) != one.body:
            raise BadManifest(f"two documents have the id {one.id}")
    return Manifest(texts, frozenset(digest(text) for text in texts.values()))
