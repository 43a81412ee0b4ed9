"""The monolith's arithmetic, kept as it is: floats, rounded item by item and once more in all.

An attempt that began by it is finished by it, so that nobody's score depends on who answers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from services.assessment.scoring.scored import Scored, by_item, waiting
from services.contracts.assessment import Item, ItemKind, Response
from services.contracts.events import ItemKey

LARGEST = 1e300
"""Beyond it a number was never judged."""


def score(
    items: Sequence[Item],
    keys: Sequence[ItemKey],
    answers: Mapping[str, Response],
    manual: Mapping[str, float],
) -> Scored:
    """What a human gave, which the monolith knew nothing of, stands over what the key says."""
    known = by_item(items, keys)
    points = {
        item.id: manual[item.id]
        if item.id in manual
        else worth(item, known[item.id], answers.get(item.id, Response()))
        for item in items
    }
    return Scored(
        points,
        _total(points.values()),
        _total(item.points for item in items),
        waiting(items, known, answers, manual),
    )


def worth(item: Item, key: ItemKey, said: Response) -> float:
    return round(item.points * SHARES[item.kind](key, said), 1)


def _total(numbers: Iterable[float]) -> float:
    return round(float(sum(numbers)), 1)


def _single(key: ItemKey, said: Response) -> float:
    """No answer is right where there is no right one."""
    return float(said.choices == key.choices)


def _multiple(key: ItemKey, said: Response) -> float:
    right, chosen = set(key.choices or ()), set(said.choices or ())
    if not right:
        return 0.0
    return max(0, len(chosen & right) - len(chosen - right)) / len(right)


def _number(key: ItemKey, said: Response) -> float:
    if key.number is None or said.number is None or abs(said.number) > LARGEST:
        return 0.0
    return float(abs(said.number - key.number) <= key.tolerance)


def _text(key: ItemKey, said: Response) -> float:
    if key.texts is None or said.text is None:
        return 0.0
    accepted = {text.strip().casefold() for text in key.texts}
    return float(said.text.strip().casefold() in accepted)


def _order(key: ItemKey, said: Response) -> float:
    if not key.choices or said.choices is None:
        return 0.0
    pairs = zip(said.choices, key.choices, strict=False)
    in_place: int = sum(given == wanted for given, wanted in pairs)
    return in_place / len(key.choices)


SHARES: dict[ItemKind, Callable[[ItemKey, Response], float]] = {
    ItemKind.SINGLE_CHOICE: _single,
    ItemKind.MULTIPLE_CHOICE: _multiple,
    ItemKind.NUMERIC: _number,
    ItemKind.TEXT: _text,
    ItemKind.ORDERING: _order,
}
