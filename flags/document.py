"""The form of Unleash's feature list, read strictly: what is malformed never reaches the engine."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

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
    segments: list[int] = []


class Parent(msgspec.Struct, frozen=True, omit_defaults=True):
    """A feature that another one depends on."""

    feature: str


class Feature(msgspec.Struct, frozen=True):
    """On for whoever any of the strategies lets in, as far as those it depends on are."""

    name: str
    enabled: bool
    strategies: list[Strategy]
    type: str = "release"
    dependencies: list[Parent] | UnsetType = UNSET


class Segment(msgspec.Struct, frozen=True):
    """Constraints that strategies share, by its id."""

    id: int
    constraints: list[Constraint]


class Document(msgspec.Struct, frozen=True):
    version: int
    features: list[Feature]
    segments: list[Segment] | UnsetType = UNSET

    def feature(self, name: str) -> Feature | None:
        return next((one for one in self.features if one.name == name), None)


def parse(text: bytes) -> Document:
    """Raises BadFlags; a list without features would turn everything off, and is refused too."""
    try:
        document = msgspec.json.decode(text.decode(), type=Document)
    except ValueError as wrong:
        raise BadFlags(f"The flags are malformed: {wrong}.") from wrong
    if document.version != VERSION:
        raise BadFlags(f"The flags are of version {document.version}, not {VERSION}.")
    if not document.features:
        raise BadFlags("The list of flags is empty.")
    _check_segments(document)
    return document


def _check_segments(document: Document) -> None:
    """Unleash lets nobody in by a segment that it does not know."""
    known = {segment.id for segment in document.segments or []}
    for feature in document.features:
        asked = {one for strategy in feature.strategies for one in strategy.segments}
        if asked - known:
            listed = ", ".join(map(str, sorted(asked - known)))
            raise BadFlags(f"{feature.name} has segments that the list has not: {listed}.")


def render(document: Document) -> bytes:
    return _pretty(msgspec.to_builtins(document))


def with_features(text: bytes, changed: Iterable[Feature]) -> bytes:
    """The text of a document with each of `changed` in the place of the feature of its name.

    All else stays as it is, also what we do not read; new ones come at the end.
    """
    plain: dict[str, Any] = msgspec.json.decode(text)
    features = {one["name"]: one for one in plain["features"]}
    features |= {one.name: msgspec.to_builtins(one) for one in changed}
    return _pretty({**plain, "features": list(features.values())})


def _pretty(plain: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n"
