"""Faults to plant in the scorer that serves submissions, and where each must be seen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Context, Decimal

import pytest

from services.assessment.model.times import Times
from services.assessment.scoring import exact
from services.assessment.scoring.exact import NONE, WHOLE, Share
from services.assessment.scoring.scored import Scored
from services.contracts.assessment import ItemKind, Response
from services.contracts.events import ItemKey

CHOICES, ORDER = ItemKind.MULTIPLE_CHOICE, ItemKind.ORDERING
Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True)
class Fault:
    name: str
    where: str
    plant: Plant


def share(kind: ItemKind, judge: Callable[[ItemKey, Response], Share]) -> Plant:
    return lambda patch: patch.setitem(exact.SHARES, kind, judge)


def forgiving(key: ItemKey, said: Response) -> Share:
    right = set(key.choices or ())
    return len(right & set(said.choices or ())), max(1, len(right))


def below_nothing(key: ItemKey, said: Response) -> Share:
    right, chosen = set(key.choices or ()), set(said.choices or ())
    return len(chosen & right) - len(chosen - right), max(1, len(right))


def all_or_nothing(key: ItemKey, said: Response) -> Share:
    return WHOLE if set(said.choices or ()) == set(key.choices or ()) else NONE


def anywhere(key: ItemKey, said: Response) -> Share:
    right = key.choices or [""]
    return len(set(right) & set(said.choices or ())), len(right)


def anything(key: ItemKey, said: Response) -> Share:
    return WHOLE if said.choices else NONE


def inside_only(key: ItemKey, said: Response) -> Share:
    if key.number is None or said.number is None:
        return NONE
    distance = abs(Decimal(repr(said.number)) - Decimal(repr(key.number)))
    return WHOLE if distance < Decimal(repr(key.tolerance)) or distance == 0 else NONE


def to_the_letter(key: ItemKey, said: Response) -> Share:
    return WHOLE if said.number is not None and said.number == key.number else NONE


def by_case(key: ItemKey, said: Response) -> Share:
    accepted = {text.strip() for text in key.texts or ()}
    return WHOLE if (said.text or "").strip() in accepted else NONE


def with_spaces(key: ItemKey, said: Response) -> Share:
    accepted = {text.casefold() for text in key.texts or ()}
    return WHOLE if (said.text or "").casefold() in accepted else NONE


def two_places(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(exact, "PLACES", Decimal("0.01"))


def cut_off(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(exact, "EXACT", Context(prec=700, rounding=ROUND_DOWN))


def last_item_forgotten(patch: pytest.MonkeyPatch) -> None:
    whole = exact.score

    def score(items, keys, answers, manual):  # type: ignore[no-untyped-def]
        found = whole(items, keys, answers, manual)
        most = found.max - items[-1].points
        return Scored(found.points, found.raw, most, found.waiting)

    patch.setattr(exact, "score", score)


def grace_forgotten(patch: pytest.MonkeyPatch) -> None:
    def is_late(times: Times, at: datetime) -> bool:
        return times.ends_at is not None and at > times.ends_at

    patch.setattr(Times, "is_late", is_late)


BY_KIND = {
    "wrong choices take nothing back": (CHOICES, forgiving),
    "wrong choices take more than there is": (CHOICES, below_nothing),
    "some right choices are worth nothing": (CHOICES, all_or_nothing),
    "any choice is right": (ItemKind.SINGLE_CHOICE, anything),
    "order does not matter": (ORDER, anywhere),
    "the tolerance's edge is outside": (ItemKind.NUMERIC, inside_only),
    "there is no tolerance": (ItemKind.NUMERIC, to_the_letter),
    "capitals matter": (ItemKind.TEXT, by_case),
    "spaces matter": (ItemKind.TEXT, with_spaces),
}
FAULTS = [
    *(
        Fault(name, f"scorer: {kind}", share(kind, judge))
        for name, (kind, judge) in BY_KIND.items()
    ),
    Fault("two places are kept", "scorer: ", two_places),
    Fault("the rest is cut off", "scorer: ", cut_off),
    Fault("the maximum forgets an item", "scorer: max", last_item_forgotten),
    Fault("grace is forgotten", "scorer: late", grace_forgotten),
]
