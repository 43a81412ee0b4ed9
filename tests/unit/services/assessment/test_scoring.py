"""What each kind of item is worth, by exact arithmetic and by the monolith's."""

from types import ModuleType

import pytest

from services.assessment.scoring import as_monolith, exact
from services.contracts.assessment import Choice, Item, ItemKind, Response
from services.contracts.events import ItemKey

CHOICES = [Choice(name, name) for name in "abcd"]
K = ItemKind


def item(kind: ItemKind, points: float = 1.0, name: str = "q") -> Item:
    return Item(name, "?", kind, CHOICES, points)


def chosen(*choices: str) -> Response:
    return Response(choices=list(choices))


def number(value: float) -> Response:
    return Response(number=value)


def text(value: str) -> Response:
    return Response(text=value)


NONE = Response()
ONE = ItemKey("q", choices=["a"])
SOME = ItemKey("q", choices=["a", "b", "c"])
ABOUT = ItemKey("q", number=0.3, tolerance=0.1)
WORD = ItemKey("q", texts=["Cell", " Straße "])
ORDER = ItemKey("q", choices=["a", "b", "c"])
NO_KEY = ItemKey("q")

# By exact arithmetic, and by the monolith's where that says something else.
TABLE: list[tuple[str, ItemKind, ItemKey, Response, float, float | None]] = [
    ("single, right", K.SINGLE_CHOICE, ONE, chosen("a"), 1.0, None),
    ("single, wrong", K.SINGLE_CHOICE, ONE, chosen("b"), 0.0, None),
    ("single, none", K.SINGLE_CHOICE, ONE, NONE, 0.0, None),
    ("single, no key and no answer", K.SINGLE_CHOICE, NO_KEY, NONE, 0.0, 1.0),
    ("multiple, all", K.MULTIPLE_CHOICE, SOME, chosen("c", "a", "b"), 1.0, None),
    ("multiple, two of three", K.MULTIPLE_CHOICE, SOME, chosen("a", "b"), 0.6667, 0.7),
    ("multiple, one of three", K.MULTIPLE_CHOICE, SOME, chosen("a"), 0.3333, 0.3),
    ("multiple, a wrong one costs", K.MULTIPLE_CHOICE, SOME, chosen("a", "b", "d"), 0.3333, 0.3),
    ("multiple, all chosen", K.MULTIPLE_CHOICE, SOME, chosen("a", "b", "c", "d"), 0.6667, 0.7),
    ("multiple, never below nothing", K.MULTIPLE_CHOICE, ONE, chosen("b", "c"), 0.0, None),
    ("multiple, one twice is one", K.MULTIPLE_CHOICE, SOME, chosen("a", "a"), 0.3333, 0.3),
    ("multiple, none", K.MULTIPLE_CHOICE, SOME, NONE, 0.0, None),
    ("multiple, no key", K.MULTIPLE_CHOICE, NO_KEY, chosen("a"), 0.0, None),
    ("number, right", K.NUMERIC, ABOUT, number(0.3), 1.0, None),
    ("number, as far as may be", K.NUMERIC, ABOUT, number(0.2), 1.0, None),
    ("number, as far as may be, up", K.NUMERIC, ABOUT, number(0.4), 1.0, 0.0),
    ("number, too far", K.NUMERIC, ABOUT, number(0.4000001), 0.0, None),
    ("number, none", K.NUMERIC, ABOUT, NONE, 0.0, None),
    ("number, beyond measure", K.NUMERIC, ItemKey("q", number=1e308), number(1e308), 1.0, 0.0),
    ("number, no key", K.NUMERIC, NO_KEY, number(0.0), 0.0, None),
    ("text, right", K.TEXT, WORD, text("Cell"), 1.0, None),
    ("text, however it is written", K.TEXT, WORD, text("  cELL\n"), 1.0, None),
    ("text, another spelling", K.TEXT, WORD, text("STRASSE"), 1.0, None),
    ("text, wrong", K.TEXT, WORD, text("Organ"), 0.0, None),
    ("text, none", K.TEXT, WORD, NONE, 0.0, None),
    ("text, nothing accepted", K.TEXT, ItemKey("q", texts=[]), text(""), 0.0, None),
    ("text, for a human", K.TEXT, NO_KEY, text("Because."), 0.0, None),
    ("order, all", K.ORDERING, ORDER, chosen("a", "b", "c"), 1.0, None),
    ("order, one in its place", K.ORDERING, ORDER, chosen("a", "c", "b"), 0.3333, 0.3),
    ("order, none in its place", K.ORDERING, ORDER, chosen("c", "a", "b"), 0.0, None),
    ("order, a part", K.ORDERING, ORDER, chosen("a", "b"), 0.6667, 0.7),
    ("order, too much", K.ORDERING, ORDER, chosen("a", "b", "c", "d"), 1.0, None),
    ("order, none", K.ORDERING, ORDER, NONE, 0.0, None),
    ("order, no key", K.ORDERING, NO_KEY, chosen("a"), 0.0, None),
]  # fmt: skip
table = pytest.mark.parametrize(
    ("kind", "key", "said", "points", "old"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)


@table
def test_an_item_is_worth_its_right_part(
    kind: ItemKind, key: ItemKey, said: Response, points: float, old: float | None
) -> None:
    for scorer, expected in ((exact, points), (as_monolith, points if old is None else old)):
        found = scorer.score([item(kind)], [key], {"q": said}, {})

        assert (found.points, found.raw, found.max) == ({"q": expected}, expected, 1.0)


@pytest.mark.parametrize(
    ("points", "said", "expected"),
    [
        (0.1, chosen("a", "b", "c"), 0.1),
        (1.00005, chosen("a", "b", "c"), 1.0),
        (1.00015, chosen("a", "b", "c"), 1.0002),
        (0.00045, chosen("a"), 0.0002),
        (0.00075, chosen("a"), 0.0002),
        (1e300, chosen("a", "b", "c"), 1e300),
    ],
    ids=["a tenth", "half, down", "half, up", "a third, down", "a third, up", "very much"],
)
def test_points_have_four_places_and_halves_go_to_the_even_one(
    points: float, said: Response, expected: float
) -> None:
    found = exact.score([item(K.MULTIPLE_CHOICE, points)], [SOME], {"q": said}, {})

    assert found.points["q"] == expected


def test_a_sum_of_tenths_is_what_it_says() -> None:
    items = [item(K.SINGLE_CHOICE, 0.1, str(name)) for name in range(10)]
    keys = [ItemKey(str(name), choices=["a"]) for name in range(10)]
    answers = {str(name): chosen("a") for name in range(10)}

    assert exact.score(items, keys, answers, {}).raw == 1.0
    assert sum([0.1] * 10) != 1.0


@pytest.mark.parametrize("scorer", [exact, as_monolith], ids=["exact", "as the monolith"])
def test_what_a_human_gave_stands_over_the_key(scorer: ModuleType) -> None:
    items = [item(K.SINGLE_CHOICE), item(K.TEXT, 2.0, "essay")]
    answers = {"q": chosen("a"), "essay": text("Because.")}

    waits = scorer.score(items, [ONE], answers, {})
    judged = scorer.score(items, [ONE], answers, {"q": 0.2, "essay": 1.5})

    assert (waits.raw, waits.max, waits.waiting) == (1.0, 3.0, ["essay"])
    assert (judged.raw, judged.max, judged.waiting) == (1.7, 3.0, [])


@pytest.mark.parametrize("scorer", [exact, as_monolith], ids=["exact", "as the monolith"])
def test_nothing_is_worth_nothing(scorer: ModuleType) -> None:
    found = scorer.score([], [], {}, {})

    assert (found.raw, found.max, found.waiting) == (0.0, 0.0, [])
    assert isinstance(found.raw, float)
