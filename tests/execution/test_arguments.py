"""What a source is told: "Coercing Variable Values" and "Field Arguments", on both executors."""

from typing import Any

import pytest

from tests.execution.nasty import Inner
from tests.execution.script import Script, ask
from tests.execution.things import Mood

USUAL: dict[str, Any] = {
    "count": 3,
    "word": "a",
    "mood": None,
    "odd": None,
    "words": None,
    "ratio": None,
    "inner": None,
}
CASES: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "left out": ("", "", {}, {}),
    "given": ("", '(count: 7, word: "b")', {}, {"count": 7, "word": "b"}),
    # A function of ours has its own default for null, too.
    "null": ("", "(count: null, word: null)", {}, {}),
    "an enum": ("", "(mood: WILD)", {}, {"mood": Mood.WILD}),
    "an enum that is a number": ("", "(mood: SORE)", {}, {"mood": Mood.SORE}),
    "a scalar of ours": ("", '(odd: "x")', {}, {"odd": "x"}),
    "a whole number for a float": ("", "(ratio: 2)", {}, {"ratio": 2.0}),
    "a list": ("", '(words: ["a", "b"])', {}, {"words": ("a", "b")}),
    "one for a list": ("", '(words: "a")', {}, {"words": ("a",)}),
    "an empty list": ("", "(words: [])", {}, {"words": ()}),
    "an object's defaults": ("", "(inner: {})", {}, {"inner": Inner()}),
    "an object": (
        "",
        "(inner: {size: 9, mood: SORE})",
        {},
        {"inner": Inner(size=9, mood=Mood.SORE)},
    ),
    "a list in an object": (
        "",
        '(inner: {words: ["a", null]})',
        {},
        {"inner": Inner(words=["a", None])},
    ),
    "a variable": ("$n: Int", "(count: $n)", {"n": 7}, {"count": 7}),
    "a variable left out": ("$n: Int", "(count: $n)", {}, {}),
    "a variable that is null": ("$n: Int", "(count: $n)", {"n": None}, {}),
    "a variable's default": ("$n: Int = 5", "(count: $n)", {}, {"count": 5}),
    "a variable over its default": ("$n: Int = 5", "(count: $n)", {"n": 6}, {"count": 6}),
    "null over a variable's default": ("$n: Int = 5", "(count: $n)", {"n": None}, {}),
    "an enum by variable": ("$m: Mood", "(mood: $m)", {"m": "CALM"}, {"mood": Mood.CALM}),
    "a variable within a list": (
        "$w: String!",
        '(words: ["a", $w])',
        {"w": "b"},
        {"words": ("a", "b")},
    ),
    "a variable within an object": (
        "$n: Int!",
        "(inner: {size: $n})",
        {"n": 4},
        {"inner": Inner(size=4)},
    ),
    "one by variable for a list": (
        "$w: [String!]",
        "(words: $w)",
        {"w": "a"},
        {"words": ("a",)},
    ),
    "an object by variable": (
        "$i: Inner",
        "(inner: $i)",
        {"i": {"mood": "WILD"}},
        {"inner": Inner(mood=Mood.WILD)},
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_source_is_told_what_was_asked(case: str) -> None:
    declared, asked, variables, told = CASES[case]
    script = Script({"Query.echo": "x"})
    head = f"query ({declared})" if declared else ""

    answered = await ask(script, f"{head} {{ echo{asked} }}", **variables)

    assert answered.data == {"echo": "x"}
    assert script.args == [{**USUAL, **told}]


@pytest.mark.parametrize(
    ("declared", "used", "variables"),
    [
        ("$n: Int!", "count: $n", {}),
        ("$n: Int!", "count: $n", {"n": None}),
        ("$n: Int", "count: $n", {"n": "7"}),
        ("$n: Int", "count: $n", {"n": 2**31}),
        ("$m: Mood", "mood: $m", {"m": "NONE"}),
        ("$o: Odd", "odd: $o", {"o": 5}),
        ("$w: [String!]", "words: $w", {"w": [None]}),
        ("$i: Inner", "inner: $i", {"i": {"sise": 1}}),
    ],
)
async def test_a_variable_that_does_not_fit_ends_all_before_it_begins(
    declared: str, used: str, variables: dict[str, Any]
) -> None:
    script = Script({"Query.echo": "x"})

    answered = await ask(script, f"query ({declared}) {{ echo({used}) }}", **variables)

    assert answered.data is None
    assert [path for path, _ in answered.errors] == [None]
    assert script.log == []


async def test_null_for_what_needs_a_value_fails_its_field_alone() -> None:
    query = 'query ($id: ID = "x") { __typename being(id: $id) { nick } }'

    answered = await ask({}, query, id=None)

    assert answered.data == {"__typename": "Query", "being": None}
    assert [path for path, _ in answered.errors] == [["being"]]


async def test_two_that_ask_for_different_things_are_told_each_their_own() -> None:
    script = Script({"Query.echo": "x"})

    await ask(script, "{ a: echo(count: 1) b: echo(count: 2) c: echo(count: 1) }")

    assert sorted(args["count"] for args in script.args) == [1, 2]
    assert sorted(script.log) == ["Query.echo object", "Query.echo object object"]


async def test_variables_of_one_run_are_none_of_the_next() -> None:
    script = Script({"Query.echo": "x"})
    query = "query ($n: Int) { echo(count: $n) }"

    for count in (1, 2):
        await ask(script, query, n=count)

    assert [args["count"] for args in script.args] == [1, 2]
