"""The form of Unleash's feature list, read strictly: what is malformed never reaches the engine."""

from typing import Any

import msgspec

VERSION = 2


class BadFlags(ValueError):
    """The text is not a feature list that may be loaded."""


class Constraint(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    context_name: str
    operator: str
    values: list[str] = []
    value: str | None = None
    inverted: bool = False
    case_insensitive: bool = False


class Strategy(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way to be let in; all of its constraints must hold."""

    name: str
    parameters: dict[str, str] = {}
    constraints: list[Constraint] = []


class Feature(msgspec.Struct, frozen=True):
    """On for whoever any of the strategies lets in."""

    name: str
    enabled: bool
    strategies: list[Strategy]
    type: str = "release"


class Document(msgspec.Struct, frozen=True):
    version: int
    features: list[Feature]

    def feature(self, name: str) -> Feature | None:
        return next((one for one in self.features if one.name == name), None)


def parse(text: bytes) -> Document:
    """Raises BadFlags; a list without features would turn everything off, and is refused too."""
    try:
        document = msgspec.json.decode(text, type=Document)
    except ValueError as wrong:
        raise BadFlags(f"The flags are malformed: {wrong}.") from wrong
    if document.version != VERSION:
        raise BadFlags(f"The flags are of version {document.version}, not {VERSION}.")
    if not document.features:
        raise BadFlags("The list of flags is empty.")
    return document


def render(document: Document) -> bytes:
    return _pretty(msgspec.to_builtins(document))


def with_feature(text: bytes, changed: Feature) -> bytes:
    """The text of a document with `changed` in the place of the feature of its name, or at the end.

    All else stays as it is, also what we do not read.
    """
    plain: dict[str, Any] = msgspec.json.decode(text)
    features = {one["name"]: one for one in plain["features"]}
    features[changed.name] = msgspec.to_builtins(changed)
    return _pretty({**plain, "features": list(features.values())})


def _pretty(plain: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n"
