"""What leaves and things become: "Value Completion", on both executors."""

from typing import Any

import pytest

from services.contracts.errors import FORBIDDEN
from tests.execution.script import ask, moth, rock, sheep, speck, wolf
from tests.execution.things import EXAM, KATHMANDU, Mood, Odd

FINE: list[tuple[str, Any, Any]] = [
    ("age", 5, 5),
    ("age", True, 1),
    ("age", 4.0, 4),
    ("age", "12", 12),
    ("age", -(2**31), -(2**31)),
    ("weight", 3, 3.0),
    ("weight", -0.0, -0.0),
    ("weight", "1.5", 1.5),
    ("nick", 5, "5"),
    ("nick", True, "true"),
    ("nick", 2.5, "2.5"),
    ("tag", 7, "7"),
    ("tame", 1, True),
    ("tame", 0.0, False),
    ("mood", Mood.WILD, "WILD"),
    ("odd", Odd("x"), {"odd": "x"}),
    ("seen", EXAM, "2026-03-01T09:00:00Z"),
    ("seen", EXAM.replace(microsecond=7), "2026-03-01T09:00:00.000007Z"),
    ("seen", EXAM.astimezone(KATHMANDU), "2026-03-01T09:00:00Z"),
    ("ages", (1, True), [1, 1]),
    ("twoWords", "x", "x"),
]


@pytest.mark.parametrize(("field", "value", "shown"), FINE)
async def test_a_leaf_is_shown_as_its_type_says(field: str, value: Any, shown: Any) -> None:
    name = "two_words" if field == "twoWords" else field

    answered = await ask({"Query.wolf": wolf(**{name: value})}, f"{{ wolf {{ {field} }} }}")

    assert answered.errors == []
    assert answered.data["wolf"] == {field: shown}
    assert type(answered.data["wolf"][field]) is type(shown)


BAD: list[tuple[str, Any]] = [
    ("age", 2**31),
    ("age", -(2**31) - 1),
    ("age", 1.5),
    ("age", "x"),
    ("age", float("nan")),
    ("weight", float("inf")),
    ("weight", float("nan")),
    ("weight", "x"),
    ("nick", {}),
    ("nick", [1]),
    ("tag", 1.5),
    ("tame", "true"),
    ("mood", "NO MOOD"),
    ("odd", Odd("unprintable")),
    ("seen", EXAM.replace(tzinfo=None)),
    ("seen", EXAM.date()),
    ("seen", "2026-03-01T09:00:00Z"),
    ("odd", Odd("nothing")),
    ("ages", [1, "x"]),
]


@pytest.mark.parametrize(("field", "value"), BAD)
async def test_a_leaf_that_is_none_of_its_type_is_an_error(field: str, value: Any) -> None:
    answered = await ask({"Query.wolf": wolf(**{field: value})}, f"{{ wolf {{ {field} }} }}")

    assert [path and path[:2] for path, _ in answered.errors] == [["wolf", field]]
    assert answered.data["wolf"] in (None, {field: None})


async def test_an_interface_shows_each_thing_as_what_it_is() -> None:
    said = {"Query.wolf": wolf(friends=[sheep(wool=1), wolf("v"), moth()])}

    answered = await ask(said, "{ wolf { friends { __typename ... on Sheep { wool } } } }")

    kinds = [one["__typename"] for one in answered.data["wolf"]["friends"]]
    assert kinds == ["Sheep", "Wolf", "Moth"]


async def test_a_thing_of_none_of_a_unions_types_is_an_error() -> None:
    said = {"Query.wolf": wolf(catch=[sheep(), wolf("v"), 5])}

    answered = await ask(said, "{ wolf { catch { __typename } } }")

    assert answered.data == {"wolf": {"catch": [{"__typename": "Sheep"}, None, None]}}
    assert [path for path, _ in answered.errors] == [["wolf", "catch", n] for n in (1, 2)]


async def test_a_thing_of_no_type_of_an_interface_is_an_error() -> None:
    answered = await ask({"Query.wolf": wolf(friend=rock())}, "{ wolf { friend { nick } } }")

    assert answered.data == {"wolf": {"friend": None}}
    [(path, message)] = answered.errors
    assert path == ["wolf", "friend"]
    assert "must resolve to an Object type at runtime" in message


async def test_a_thing_of_another_type_is_an_error() -> None:
    said = {"Query.wolf": wolf(), "Wolf.mate": sheep()}

    answered = await ask(said, "{ wolf { mate { nick } } }")

    assert answered.data == {"wolf": None}
    told = "Expected value of type 'Wolf' but got: <ASheep instance>."
    assert answered.errors == [(["wolf", "mate"], told)]


async def test_where_a_type_names_no_things_of_its_own_anything_stands_for_it() -> None:
    answered = await ask({"Query.dust": sheep(age=3, name="x")}, "{ dust { age name } }")

    assert answered.data == {"dust": {"age": 3, "name": "x"}}


async def test_what_a_thing_has_not_is_an_error_of_that_field() -> None:
    answered = await ask({"Query.dust": speck(age=3)}, "{ dust { age name } }")

    assert answered.data == {"dust": {"age": 3, "name": None}}
    assert answered.errors == [(["dust", "name"], "no name")]


async def test_what_is_told_of_a_parent_fails_for_itself() -> None:
    # What is told is asked of its own source: here of one that knows nothing.
    answered = await ask(
        {"Query.wolf": wolf(), "Being.call": ValueError("mute")}, "{ wolf { call } }"
    )

    assert answered.errors == [(["wolf", "call"], "mute")]


async def test_lists_of_lists_of_things_are_answered_in_place() -> None:
    beings = [[[wolf("1"), None], []], [[sheep("2")]]]
    said = {"Query.beings": beings, "Being.rank": 1}

    answered = await ask(said, "{ beings { rank __typename } }")

    one, other = {"rank": 1, "__typename": "Wolf"}, {"rank": 1, "__typename": "Sheep"}
    assert answered.data == {"beings": [[[one, None], []], [[other]]]}


async def test_a_thing_that_stands_in_two_places_is_answered_in_both() -> None:
    same = sheep(nick="x")
    said = {"Query.wolf": wolf(friends=[same, same]), "Being.rank": FORBIDDEN}

    answered = await ask(said, "{ wolf { friends { nick } } }")

    assert answered.data == {"wolf": {"friends": [{"nick": "x"}] * 2}}
