"""Where null may not stand, its parent is null: "Handling Execution Errors", on both executors."""

from typing import Any

import pytest

from services.contracts.errors import FORBIDDEN, HIDDEN
from tests.execution.script import Each, Script, ask, moth, rock, sheep, speck, wolf
from tests.execution.things import Mood

NO_NAME = "Cannot return null for non-nullable field Wolf.name."


async def test_null_stands_where_it_may_and_is_no_error() -> None:
    answered = await ask({"Query.wolf": wolf(nick=None)}, "{ wolf { nick } }")

    assert (answered.data, answered.errors) == ({"wolf": {"nick": None}}, [])


async def test_a_null_that_may_not_stand_makes_its_parent_null() -> None:
    answered = await ask({"Query.wolf": wolf(name=None)}, "{ wolf { name } }")

    assert answered.data == {"wolf": None}
    assert answered.errors == [(["wolf", "name"], NO_NAME)]


@pytest.mark.parametrize("levels", [1, 2, 3, 4])
async def test_a_refusal_climbs_as_many_levels_as_may_not_be_null(levels: int) -> None:
    said = {"Query.wolf": wolf(), "Wolf.mate": wolf("m"), "Being.rank": FORBIDDEN}
    query = "{ wolf { nick: __typename " + "mate { " * (levels - 1) + "rank" + " }" * levels + " }"

    answered = await ask(said, query)

    assert answered.data == {"wolf": None}
    path = ["wolf", *["mate"] * (levels - 1), "rank"]
    assert answered.errors == [(path, FORBIDDEN.message)]
    assert answered.codes == ["FORBIDDEN"]


async def test_it_climbs_to_the_nearest_that_may_be_null_and_no_further() -> None:
    said = {"Query.wolf": wolf(friend=wolf("f")), "Wolf.mate": ValueError("gone")}

    answered = await ask(said, "{ wolf { __typename friend { ... on Wolf { mate { tag } } } } }")

    assert answered.data == {"wolf": {"__typename": "Wolf", "friend": None}}
    assert answered.errors == [(["wolf", "friend", "mate"], "gone")]


async def test_where_nothing_may_be_null_all_of_the_data_is() -> None:
    said = {"Query.alpha": wolf(name=None), "Query.moods": [Mood.CALM]}

    answered = await ask(said, "{ moods alpha { name } }")

    assert answered.data is None
    assert answered.errors == [(["alpha", "name"], NO_NAME)]


async def test_a_position_that_is_null_already_gets_no_second_error() -> None:
    answered = await ask({"Query.wolf": wolf(name=None, age=None)}, "{ wolf { name age } }")

    assert answered.errors == [(["wolf", "name"], NO_NAME)]


async def test_each_that_may_be_null_fails_for_itself() -> None:
    thing = wolf(nick=ValueError("one"), weight=ValueError("other"), tame=True)

    answered = await ask({"Query.wolf": thing}, "{ wolf { nick weight tame } }")

    assert answered.data == {"wolf": {"nick": None, "weight": None, "tame": True}}
    assert answered.errors == [(["wolf", "nick"], "one"), (["wolf", "weight"], "other")]


LISTS: dict[str, tuple[dict[str, Any], str, Any, list[list[str | int]]]] = {
    "[T], null in it": ({"Being.herd": [wolf(), None]}, "herd { __typename }", "list", []),
    "[T], null for it": ({"Being.herd": None}, "herd { __typename }", "null", []),
    "[T!], null in it": ({"grid": [[[None]]]}, "grid", "null", [["grid", 0, 0, 0]]),
    "[T!], null for it": ({"grid": None}, "grid", "null", []),
    "[T]!, null in it": ({"moods": [Mood.CALM, None]}, "moods", "list", []),
    "[T]!, null for it": ({"moods": None}, "moods", "parent", [["moods"]]),
    "[T!]!, null in it": ({"ages": [1, None]}, "ages", "parent", [["ages", 1]]),
    "[T!]!, null for it": ({"ages": None}, "ages", "parent", [["ages"]]),
    "[T], an error in it": ({"gaps": [ValueError("x")]}, "gaps", "list", [["gaps", 0]]),
    "[T!]!, an error in it": ({"ages": [ValueError("x")]}, "ages", "parent", [["ages", 0]]),
    "[T]!, no list": ({"moods": 5}, "moods", "parent", [["moods"]]),
    "[T], no list": ({"Being.herd": "text"}, "herd { __typename }", "null", [["herd"]]),
    "[T], a tuple": ({"moods": (None, Mood.WILD)}, "moods", "list", []),
}


@pytest.mark.parametrize("case", LISTS)
async def test_a_list_is_null_as_its_items_and_itself_may_be(case: str) -> None:
    said, asked, null, paths = LISTS[case]
    name = asked.split()[0]
    own = {key: value for key, value in said.items() if "." not in key}

    answered = await ask({"Query.wolf": wolf(**own), **said}, f"{{ wolf {{ {asked} }} }}")

    assert (answered.data["wolf"] is None) == (null == "parent")
    if null != "parent":
        assert (answered.data["wolf"][name] is None) == (null == "null")
    assert [path for path, _ in answered.errors] == [["wolf", *path] for path in paths]


async def test_nulls_stand_at_each_level_of_lists_where_they_may() -> None:
    answered = await ask(
        {"Query.wolf": wolf(gaps=[None, [None], [[None, 1]]])}, "{ wolf { gaps } }"
    )

    assert answered.data == {"wolf": {"gaps": [None, [None], [[None, 1]]]}}
    assert answered.errors == []


async def test_a_thing_without_its_name_nulls_the_lists_about_it_as_far_as_may_be() -> None:
    dusts = [[[speck(age=1)], [speck(age=None)]]]

    answered = await ask(
        {"Query.wolf": wolf(dusts=dusts)}, "{ wolf { dusts { age } tag: __typename } }"
    )

    assert answered.data == {"wolf": {"dusts": None, "tag": "Wolf"}}
    assert [path for path, _ in answered.errors] == [["wolf", "dusts", 0, 1, 0, "age"]]


async def test_of_many_that_are_asked_at_once_one_that_is_refused_is_null_alone() -> None:
    herd = [sheep("1"), sheep("2"), moth("3")]
    said = {"Query.wolf": wolf(), "Being.herd": herd}
    said["Being.rank"] = Each({"1": 1, "2": HIDDEN, "3": 3})

    answered = await ask(said, "{ wolf { herd { rank } } }")

    assert answered.data == {"wolf": {"herd": [{"rank": 1}, None, {"rank": 3}]}}
    assert answered.errors == [(["wolf", "herd", 1, "rank"], HIDDEN.message)]


async def test_a_source_that_raises_fails_for_all_that_asked_it() -> None:
    said = {"Query.wolf": wolf(), "Being.herd": [sheep("1"), sheep("2")]}
    said["Being.rank"] = ValueError("down")

    answered = await ask(said, "{ wolf { herd { rank } } }")

    assert answered.data == {"wolf": {"herd": [None, None]}}
    assert [path for path, _ in answered.errors] == [["wolf", "herd", n, "rank"] for n in (0, 1)]


async def test_a_source_that_answers_too_few_fails_for_all_that_asked_it() -> None:
    class TooFew(Each):
        def of(self, parents: Any) -> list[Any]:
            return [1]

    said = {"Query.wolf": wolf(), "Being.herd": [sheep("1"), sheep("2")], "Being.rank": TooFew({})}

    answered = await ask(said, "{ wolf { herd { rank } } }")

    assert answered.data == {"wolf": {"herd": [None, None]}}
    assert len(answered.errors) == 2


async def test_an_optional_thing_that_is_hidden_is_null_and_no_error() -> None:
    hidden = await ask({"Query.being": HIDDEN}, '{ being(id: "x") { name } }')
    forbidden = await ask({"Query.being": FORBIDDEN}, '{ being(id: "x") { name } }')

    assert (hidden.data, hidden.errors) == ({"being": None}, [])
    assert (forbidden.data, forbidden.codes) == ({"being": None}, ["FORBIDDEN"])


async def test_nothing_is_asked_for_what_is_null_by_then() -> None:
    script = Script({"Query.prey": [sheep(), rock(tag=None)], "Being.rank": 1})

    answered = await ask(script, "{ prey { ... on Sheep { rank } ... on Rock { tag } } }")

    assert answered.data == {"prey": None}
    assert script.log == ["Query.prey object"]
