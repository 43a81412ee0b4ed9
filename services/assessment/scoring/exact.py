"""The scorer that never rounds on the way: decimal numbers, four places an item."""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

from services.assessment.scoring.scored import Scored, by_item, waiting
from services.contracts.assessment import Item, ItemKind, Response
from services.contracts.events import ItemKey

# No float has more digits, so that nothing but the last step rounds.
EXACT = Context(prec=700, rounding=ROUND_HALF_EVEN)
PLACES = Decimal("0.0001")
NONE, WHOLE = (0, 1), (1, 1)

Share = tuple[int, int]
"""So many parts of how many."""


def score(
    items: Sequence[Item],
    keys: Sequence[ItemKey],
    answers: Mapping[str, Response],
    manual: Mapping[str, float],
) -> Scored:
    """What a human gave stands over what the key says."""
    known = by_item(items, keys)
    points = {
        item.id: rounded(decimal(manual[item.id]))
        if item.id in manual
        else worth(item, known[item.id], answers.get(item.id, Response()))
        for item in items
    }
    return Scored(
        {item: float(got) for item, got in points.items()},
        float(sum(points.values(), Decimal(0))),
        float(sum((part(item.points, WHOLE) for item in items), Decimal(0))),
        waiting(items, known, answers, manual),
    )


def worth(item: Item, key: ItemKey, said: Response) -> Decimal:
    return part(item.points, SHARES[item.kind](key, said))


# Learners come to the same few parts of the same few points, and 700 digits take their time.
@lru_cache(maxsize=65_536)
def part(points: float, share: Share) -> Decimal:
    right, of = share
    return rounded(EXACT.divide(EXACT.multiply(decimal(points), Decimal(right)), Decimal(of)))


@lru_cache(maxsize=65_536)
def decimal(number: float) -> Decimal:
    """As it is written, and not as the nearest binary number is."""
    return Decimal(repr(number))


def rounded(number: Decimal) -> Decimal:
    return EXACT.quantize(number, PLACES)


def _single(key: ItemKey, said: Response) -> Share:
    return WHOLE if key.choices and said.choices == key.choices else NONE


def _multiple(key: ItemKey, said: Response) -> Share:
    """Each wrong choice takes back a right one."""
    right, chosen = set(key.choices or ()), set(said.choices or ())
    if not right:
        return NONE
    return max(0, len(chosen & right) - len(chosen - right)), len(right)


def _number(key: ItemKey, said: Response) -> Share:
    if key.number is None or said.number is None:
        return NONE
    distance = EXACT.subtract(decimal(said.number), decimal(key.number)).copy_abs()
    return WHOLE if distance <= decimal(key.tolerance) else NONE


def _text(key: ItemKey, said: Response) -> Share:
    if key.texts is None or said.text is None:
        return NONE
    accepted = {text.strip().casefold() for text in key.texts}
    return WHOLE if said.text.strip().casefold() in accepted else NONE


def _order(key: ItemKey, said: Response) -> Share:
    """Each thing in its place counts."""
    if not key.choices:
        return NONE
    pairs = zip(said.choices or (), key.choices, strict=False)
    return sum(given == wanted for given, wanted in pairs), len(key.choices)


SHARES: dict[ItemKind, Callable[[ItemKey, Response], Share]] = {
    ItemKind.SINGLE_CHOICE: _single,
    ItemKind.MULTIPLE_CHOICE: _multiple,
    ItemKind.NUMERIC: _number,
    ItemKind.TEXT: _text,
    ItemKind.ORDERING: _order,
}
