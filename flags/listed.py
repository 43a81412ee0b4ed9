"""What of a server's list is ours: others' flags cannot spoil it, and their changes are no news."""

from collections.abc import Mapping

import msgspec
from msgspec import Raw, Struct

from flags.document import BadFlags
from flags.names import CAPABILITIES, shadow_of

OURS = [name for one in CAPABILITIES.values() for name in (one.name, shadow_of(one).name)]


class _List(Struct):
    version: int
    features: list[Raw]
    segments: list[Raw] = []


class _Named(Struct):
    name: str


class _Numbered(Struct):
    id: int


class _Strategy(Struct):
    segments: list[int] = []


class _Feature(Struct):
    """What leads from a feature to others, and to segments."""

    strategies: list[_Strategy] = []
    dependencies: list["_Parent"] = []


class _Parent(Struct):
    feature: str


def ours(text: bytes) -> bytes:
    """The list of our capabilities alone, with what they depend on, in Unleash's form.

    Raises BadFlags where none of them is in it: that is another's list, or a broken server's.
    """
    try:
        return _chosen(msgspec.json.decode(text.decode(), type=_List))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise BadFlags(f"The flags are malformed: {wrong}.") from wrong


def _chosen(whole: _List) -> bytes:
    if not whole.features:
        raise BadFlags("The list of flags is empty.")
    features = {name: raw for raw in whole.features if (name := _name(raw))}
    if features.keys().isdisjoint(CAPABILITIES):
        raise BadFlags(f"None of the list's {len(whole.features)} flags is of ours.")
    wanted = _with_parents(features)
    asked = {one for told in wanted.values() for way in told.strategies for one in way.segments}
    segments = [raw for raw in whole.segments if _number(raw) in asked]
    chosen = _List(whole.version, [features[name] for name in sorted(wanted)], segments)
    return msgspec.json.format(msgspec.json.encode(chosen), indent=2) + b"\n"


def _name(feature: Raw) -> str | None:
    """None where there is none: then it is not ours."""
    try:
        return msgspec.json.decode(feature, type=_Named).name
    except msgspec.MsgspecError:
        return None


def _number(segment: Raw) -> int:
    return msgspec.json.decode(segment, type=_Numbered).id


def _with_parents(features: Mapping[str, Raw]) -> dict[str, _Feature]:
    """Our features, and those that they depend on, by name."""
    found: dict[str, _Feature] = {}
    waiting = list(OURS)
    while waiting:
        name = waiting.pop()
        if name in features and name not in found:
            found[name] = msgspec.json.decode(features[name], type=_Feature)
            waiting += [parent.feature for parent in found[name].dependencies]
    return found
