"""Which fields are answered, and in which order: "Executing Selection Sets", on both executors."""

import pytest

from services.contracts.errors import FORBIDDEN
from tests.execution.script import ask, rock, sheep, speck, wolf


async def test_keys_stand_in_the_order_in_which_they_are_first_met() -> None:
    query = "{ wolf { b: nick ...F a: nick ... on Being { d: nick b: nick } } } "
    query += "fragment F on Wolf { c: nick }"

    answered = await ask({"Query.wolf": wolf(nick="x")}, query)

    assert list(answered.data["wolf"]) == ["b", "c", "a", "d"]


async def test_the_order_is_the_documents_however_the_sources_answer() -> None:
    said = {"Query.wolf": wolf(nick="x"), "Query.dust": speck(age=1), "Being.rank": 1}

    answered = await ask(said, "{ dust { age } wolf { rank nick } __typename }")

    assert list(answered.data) == ["dust", "wolf", "__typename"]
    assert list(answered.data["wolf"]) == ["rank", "nick"]


async def test_equal_keys_are_one_field_with_the_selections_of_all() -> None:
    said = {"Query.wolf": wolf(friend=sheep(nick="x", age=3)), "Being.rank": 7}
    query = "{ wolf { friend { nick } } ...F wolf { friend { rank nick } } } "
    query += "fragment F on Query { wolf { friend { age } } }"

    answered = await ask(said, query)

    assert answered.data == {"wolf": {"friend": {"nick": "x", "age": 3, "rank": 7}}}
    assert list(answered.data["wolf"]["friend"]) == ["nick", "age", "rank"]


async def test_an_error_stands_at_every_place_that_asked_for_the_field() -> None:
    query = "{ wolf { nick\n nick } ... on Query {\n wolf { nick } } }"

    answered = await ask({"Query.wolf": wolf(nick=ValueError("x"))}, query)

    assert answered.at == [[(1, 10), (2, 2), (3, 9)]]


async def test_a_refusal_stands_at_every_place_that_asked_for_the_field() -> None:
    said = {"Query.wolf": wolf(), "Sheep.keeper": None, "Being.herd": FORBIDDEN}

    answered = await ask(said, "{ wolf { herd { age }\n herd { name } } }")

    assert answered.at == [[(1, 10), (2, 2)]]


async def test_one_field_by_two_aliases_is_answered_twice() -> None:
    answered = await ask({"Query.echo": "x"}, "{ a: echo b: echo(count: 7) }")

    assert answered.data == {"a": "x", "b": "x"}


FALLS = [
    ("@skip(if: true)", False),
    ("@skip(if: false)", True),
    ("@include(if: true)", True),
    ("@include(if: false)", False),
    ("@skip(if: true) @include(if: true)", False),
    ("@skip(if: false) @include(if: false)", False),
    ("@skip(if: false) @include(if: true)", True),
    ("@skip(if: $yes)", False),
    ("@skip(if: $no)", True),
    ("@include(if: $yes)", True),
    ("@include(if: $no)", False),
    ("@include(if: $left)", True),
]
HEAD = "query ($yes: Boolean!, $no: Boolean!, $left: Boolean! = true) "
USED = "... @skip(if: true) { a: __typename @skip(if: $yes) @include(if: $no) b: __typename "
USED += "@skip(if: $left) } "


@pytest.mark.parametrize("place", ["field", "inline", "spread", "source"])
@pytest.mark.parametrize(("directives", "is_there"), FALLS)
async def test_skip_and_include_decide(directives: str, is_there: bool, place: str) -> None:
    said = {"Query.wolf": wolf(nick="x", tame=True), "Being.rank": 1}
    parts = {
        "field": f"nick {directives}",
        "inline": f"... on Being {directives} {{ nick }}",
        "spread": f"...F {directives}",
        "source": f"nick: rank {directives}",
    }
    fragment = "fragment F on Being { nick }" if place == "spread" else ""
    query = f"{HEAD} {{ {USED} wolf {{ tame {parts[place]} }} }} {fragment}"

    answered = await ask(said, query, yes=True, no=False)

    assert answered.errors == []
    assert ("nick" in answered.data["wolf"]) == is_there


async def test_a_root_that_is_skipped_is_not_asked() -> None:
    answered = await ask({}, "{ __typename wolf @skip(if: true) { nick } }")

    assert answered.data == {"__typename": "Query"}


async def test_a_field_that_is_skipped_once_and_asked_once_is_asked() -> None:
    query = "{ wolf { nick @skip(if: true) nick } wolf @include(if: false) { tame } }"

    answered = await ask({"Query.wolf": wolf(nick="x")}, query)

    assert answered.data == {"wolf": {"nick": "x"}}


async def test_a_fragment_counts_for_things_of_its_type_alone() -> None:
    said = {"Query.prey": [sheep(wool=3), rock(weight=0.5)], "Being.rank": 1}
    query = "{ prey { ... on Sheep { wool } ...R ... on Being { rank } ... { __typename } } } "
    query += "fragment R on Rock { weight }"

    answered = await ask(said, query)

    first, second = answered.data["prey"]
    assert first == {"wool": 3, "rank": 1, "__typename": "Sheep"}
    assert second == {"weight": 0.5, "__typename": "Rock"}


async def test_a_fragment_on_a_union_counts_within_an_interface() -> None:
    said = {"Query.wolf": wolf(friends=[sheep(), wolf("v")])}

    answered = await ask(said, "{ wolf { friends { ... on Prey { __typename } } } }")

    assert answered.data == {"wolf": {"friends": [{"__typename": "Sheep"}, {}]}}


async def test_a_fragment_that_is_spread_twice_counts_once() -> None:
    query = "{ wolf { ...F ...F } } fragment F on Wolf { nick }"

    answered = await ask({"Query.wolf": wolf(nick="x")}, query)

    assert answered.data == {"wolf": {"nick": "x"}}


async def test_the_type_of_the_root_has_a_name() -> None:
    answered = await ask({}, "{ __typename kind: __typename }")

    assert answered.data == {"__typename": "Query", "kind": "Query"}


@pytest.mark.parametrize("client", ["__import__", "exec", "None", "class", "True", "run", "thing"])
async def test_a_key_that_is_a_word_of_python_is_a_key_like_any(client: str) -> None:
    answered = await ask(
        {"Query.wolf": wolf(nick="x")}, f"{{ {client}: wolf {{ {client}: nick }} }}"
    )

    assert answered.data == {client: {client: "x"}}
