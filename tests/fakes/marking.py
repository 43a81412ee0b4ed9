"""What answers on a fake platform are worth: an item is right as a whole or wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.contracts.assessment import Answer, Item, ItemKind, Response, Score
from services.contracts.events import ItemKey

FIELDS = {
    ItemKind.SINGLE_CHOICE: "choices",
    ItemKind.MULTIPLE_CHOICE: "choices",
    ItemKind.ORDERING: "choices",
    ItemKind.NUMERIC: "number",
    ItemKind.TEXT: "text",
}


@dataclass(frozen=True, slots=True)
class Marked:
    """`waits` where a human has to judge an item first."""

    points: dict[str, float]
    score: Score
    waits: bool


def mark(
    items: Sequence[Item],
    keys: Sequence[ItemKey],
    answers: Sequence[Answer],
    manual: dict[str, float],
    late: bool,
) -> Marked:
    """What a human gave stands over what the key says."""
    given = {answer.item_id: answer.response for answer in answers}
    key_of = {key.item: key for key in keys}
    points: dict[str, float] = {}
    waits = False
    for item in items:
        key, said = key_of.get(item.id, ItemKey(item.id)), given.get(item.id, Response())
        points[item.id] = manual.get(item.id, item.points * is_right(item, key, said))
        needs_human = item.kind is ItemKind.TEXT and key.texts is None and (said.text or "").strip()
        waits = waits or (bool(needs_human) and item.id not in manual)
    most = sum(item.points for item in items)
    return Marked(points, Score(sum(points.values()), most, late, provisional=waits), waits)


def is_right(item: Item, key: ItemKey, said: Response) -> bool:
    if item.kind is ItemKind.TEXT:
        accepted = {text.strip().casefold() for text in key.texts or []}
        return (said.text or "").strip().casefold() in accepted
    if item.kind is ItemKind.NUMERIC:
        given, right = said.number, key.number
        return given is not None and right is not None and abs(given - right) <= key.tolerance
    chosen, wanted = said.choices or [], key.choices or []
    if item.kind is ItemKind.MULTIPLE_CHOICE:
        chosen, wanted = sorted(chosen), sorted(wanted)
    return bool(wanted) and chosen == wanted


def is_answer(item: Item, said: Response) -> bool:
    """Whether it has the form of the item's kind, and names its choices alone."""
    fields = [name for name in ("choices", "text", "number") if getattr(said, name) is not None]
    if said.is_cleared:
        return True
    if fields != [FIELDS[item.kind]]:
        return False
    chosen = said.choices or []
    is_one = item.kind is not ItemKind.SINGLE_CHOICE or len(chosen) == 1
    return is_one and set(chosen) <= {choice.id for choice in item.choices}
