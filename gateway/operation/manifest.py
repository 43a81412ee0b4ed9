"""Apollo's manifest of persisted queries: the documents that a client's build contains."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from gateway.operation.ask import digest

FORMAT = "apollo-persisted-query-manifest"
VERSION = 1


class BadManifest(ValueError):
    """The file is no manifest."""


class _Operation(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    name: str
    type: str
    body: str
    client_name: str | None = None


class _Manifest(msgspec.Struct, frozen=True):
    format: str
    version: int
    operations: list[_Operation]


@dataclass(frozen=True, slots=True)
class Manifest:
    """`texts` by their ids; by their hashes `owners`: the one client that each is listed for."""

    texts: Mapping[str, str]
    owners: Mapping[str, str | None]

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
    return Manifest(texts, _owners(said.operations))


def _owners(operations: list[_Operation]) -> dict[str, str | None]:
    """None where nobody is named, or more than one client is."""
    named: defaultdict[str, set[str | None]] = defaultdict(set)
    for one in operations:
        named[digest(one.body)].add(one.client_name)
    return {hash_: next(iter(names)) if len(names) == 1 else None for hash_, names in named.items()}
