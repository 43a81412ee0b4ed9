"""What answers are worth, whichever arithmetic found it; and which of them a human must read."""

from collections.abc import Iterable, Mapping

import msgspec

from services.contracts.assessment import Item, ItemKind, Response
from services.contracts.events import ItemKey


class Scored(msgspec.Struct, frozen=True):
    """`points` has each item's; `waiting` are the items that a human has to judge first."""

    points: dict[str, float]
    raw: float
    max: float
    waiting: list[str]


def by_item(items: Iterable[Item], keys: Iterable[ItemKey]) -> dict[str, ItemKey]:
    """Each item's; nothing is right where there is none."""
    known = {key.item: key for key in keys}
    return {item.id: known.get(item.id, ItemKey(item.id)) for item in items}


def waiting(
    items: Iterable[Item],
    keys: Mapping[str, ItemKey],
    answers: Mapping[str, Response],
    manual: Mapping[str, float],
) -> list[str]:
    return [
        item.id
        for item in items
        if item.id not in manual
        and item.kind is ItemKind.TEXT
        and keys[item.id].texts is None
        and (answers.get(item.id, Response()).text or "").strip()
    ]
