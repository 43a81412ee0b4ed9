"""Reads the right answers of a stranger's archive, as JSON or as CSV."""

import csv
from pathlib import Path
from typing import Any

import msgspec

from services.assessment.replay.archive import AskedItem
from services.assessment.replay.mapping import BadMapping, Items, Responses
from services.contracts.assessment import ItemKind
from services.contracts.events import ItemKey

CHOOSING = {ItemKind.SINGLE_CHOICE, ItemKind.MULTIPLE_CHOICE, ItemKind.ORDERING}
Asked = tuple[AskedItem, ItemKey]


class Right(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item's entry in full; what it leaves out is the mapping's."""

    right: str | float | list[str | float]
    kind: ItemKind | None = None
    points: float | None = None
    tolerance: float | None = None
    options: list[str] | None = None


def read_key(path: Path, mapping: Responses) -> dict[str, Asked]:
    """Of each item what was asked, and the right answer to it. Raises BadMapping."""
    try:
        entries = _json(path) if path.suffix == ".json" else _csv(path, mapping)
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as wrong:
        raise BadMapping(f"The key {path} cannot be read: {wrong}") from wrong
    return {item: _asked(item, right, mapping.items) for item, right in entries.items()}


def _json(path: Path) -> dict[str, Right]:
    """`{"item": right}`, where `right` is one answer, several, or an entry in full."""
    said = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    return {
        item: msgspec.convert(right if isinstance(right, dict) else {"right": right}, Right)
        for item, right in said.items()
    }


def _csv(path: Path, mapping: Responses) -> dict[str, Right]:
    """Columns `item` and `right`; `kind`, `points`, `tolerance` and `options` as far as needed."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=mapping.delimiter))
    return {row["item"]: _entry(row, mapping.separator) for row in rows}


def _entry(row: dict[str, str], separator: str) -> Right:
    said: dict[str, Any] = {name: text for name, text in row.items() if text and name != "item"}
    for name in ("right", "options"):
        if name in said:
            said[name] = said[name].split(separator)
    return msgspec.convert(said, Right, strict=False)


def _asked(item: str, right: Right, items: Items) -> Asked:
    kind = right.kind or items.kind
    options = right.options if right.options is not None else items.options
    points = items.points if right.points is None else right.points
    tolerance = items.tolerance if right.tolerance is None else right.tolerance
    answers = right.right if isinstance(right.right, list) else [right.right]
    if kind in CHOOSING and not options:
        raise BadMapping(f"Item {item}: its options are told nowhere.")
    choices = options if kind in CHOOSING else []
    return AskedItem(item, kind, points, choices), _key(item, kind, answers, tolerance, choices)


def _key(
    item: str, kind: ItemKind, right: list[str | float], tolerance: float, options: list[str]
) -> ItemKey:
    if kind is ItemKind.TEXT:
        return ItemKey(item, texts=[_text(one) for one in right])
    if kind in {ItemKind.SINGLE_CHOICE, ItemKind.NUMERIC} and len(right) != 1:
        raise BadMapping(f"Item {item} has {len(right)} right answers; {kind.value} has one.")
    if kind is ItemKind.NUMERIC:
        return ItemKey(item, number=float(right[0]), tolerance=tolerance)
    chosen = [_text(one) for one in right]
    if not set(chosen) <= set(options):
        raise BadMapping(f"Item {item}: {', '.join(chosen)} is not among its options.")
    return ItemKey(item, choices=chosen)


def _text(one: str | float) -> str:
    """JSON's 1 is the option "1"."""
    return one if isinstance(one, str) else f"{one:g}"
