"""Each change of a contract is tied to what one must use to be touched by it."""

import pytest
from graphql import build_schema
from graphql.utilities import BreakingChangeType, DangerousChangeType

from schema.changes import PARTS, TYPES, changes

OLD = """
directive @mark(as: Int, by: Int) repeatable on FIELD | QUERY
interface Node { id: ID! }
type Course implements Node { id: ID!, title(short: Boolean, size: Int = 1): String, level: Level }
type Lesson { text: String, rate: Float }
union Found = Course | Lesson
enum Level { LOW HIGH }
enum Sort { UP DOWN }
input Wish { level: Level, text: String, size: Int = 1 }
scalar Odd
type Query { node: Node, find(wish: Wish, sort: Sort): Found, odd(one: Odd): Odd }
"""
ABOUT_ODD = {"Odd", "Query.odd", "Query.odd(one:)"}
ABOUT_NODE = {"Node", "Node.id", "Query.node"}
ABOUT_FOUND = {"Found", "Query.find"}
ABOUT_LEVEL = {"Level", "Level.LOW", "Level.HIGH", "Course.level", "Wish.level"}

BREAKING = [
    ("FIELD_REMOVED", ", level: Level }\ntype", "}\ntype", {"Course.level"}),
    ("FIELD_REMOVED", ", text: String, size", ", size", {"Wish.text"}),
    ("FIELD_CHANGED_KIND", "text: String, rate", "text: Int, rate", {"Lesson.text"}),
    ("FIELD_CHANGED_KIND", "text: String, size", "text: Int, size", {"Wish.text"}),
    ("FIELD_CHANGED_KIND", "text: String, size", "text: String!, size", {"Wish"}),
    ("ARG_REMOVED", "short: Boolean, ", "", {"Course.title(short:)"}),
    ("ARG_CHANGED_KIND", "short: Boolean", "short: Int", {"Course.title(short:)"}),
    ("ARG_CHANGED_KIND", "short: Boolean", "short: Boolean!", {"Course.title"}),
    ("ARG_CHANGED_KIND", "as: Int", "as: Int!", {"@mark"}),
    ("REQUIRED_ARG_ADDED", "short: Boolean", "short: Boolean, a: Int!", {"Course.title"}),
    ("REQUIRED_INPUT_FIELD_ADDED", "input Wish {", "input Wish { a: Int!,", {"Wish"}),
    ("VALUE_REMOVED_FROM_ENUM", "UP DOWN", "UP", {"Sort.DOWN"}),
    ("TYPE_REMOVED_FROM_UNION", "Course | Lesson", "Course", {"Lesson"}),
    ("TYPE_REMOVED", "Odd", "Even", ABOUT_ODD),
    ("TYPE_CHANGED_KIND", "scalar Odd", "enum Odd { ONE }", ABOUT_ODD),
    ("IMPLEMENTED_INTERFACE_REMOVED", " implements Node", "", ABOUT_NODE),
    ("DIRECTIVE_REMOVED", "@mark", "@other", {"@mark"}),
    ("DIRECTIVE_ARG_REMOVED", ", by: Int", "", {"@mark(by:)"}),
    ("REQUIRED_DIRECTIVE_ARG_ADDED", "by: Int", "by: Int, a: Int!", {"@mark"}),
    ("DIRECTIVE_REPEATABLE_REMOVED", " repeatable", "", {"@mark"}),
    ("DIRECTIVE_LOCATION_REMOVED", "FIELD | QUERY", "FIELD", {"@mark"}),
]
DANGEROUS = [
    ("VALUE_ADDED_TO_ENUM", "LOW HIGH", "LOW HIGH NONE", ABOUT_LEVEL),
    (
        "TYPE_ADDED_TO_UNION",
        "union Found =",
        "type New { a: Int }\nunion Found = New |",
        ABOUT_FOUND,
    ),
    ("OPTIONAL_INPUT_FIELD_ADDED", "input Wish {", "input Wish { a: Int,", {"Wish"}),
    ("OPTIONAL_ARG_ADDED", "short: Boolean", "short: Boolean, a: Int", {"Course.title"}),
    ("IMPLEMENTED_INTERFACE_ADDED", "Lesson {", "Lesson implements Node { id: ID!,", ABOUT_NODE),
    ("ARG_DEFAULT_VALUE_CHANGE", "size: Int = 1)", "size: Int = 2)", {"Course.title"}),
    ("INPUT_FIELD_DEFAULT_VALUE_CHANGE", "size: Int = 1 }", "size: Int = 2 }", {"Wish"}),
]


def touched(before: str, after: str, *, is_breaking: bool) -> list[frozenset[str] | None]:
    assert before in OLD
    old, new = build_schema(OLD), build_schema(OLD.replace(before, after))
    return [one.touches for one in changes(old, new) if one.is_breaking is is_breaking]


@pytest.mark.parametrize(("kind", "before", "after", "expected"), BREAKING)
def test_a_breaking_change_touches(kind: str, before: str, after: str, expected: set[str]) -> None:
    assert frozenset(expected) in touched(before, after, is_breaking=True)


@pytest.mark.parametrize(("kind", "before", "after", "expected"), DANGEROUS)
def test_a_surprise_touches(kind: str, before: str, after: str, expected: set[str]) -> None:
    assert frozenset(expected) in touched(before, after, is_breaking=False)


def test_every_kind_of_change_that_graphql_core_knows_is_tied_to_something() -> None:
    known = {*BreakingChangeType, *DangerousChangeType}

    assert {*PARTS, *TYPES} == known
    assert {kind for kind, *_ in (*BREAKING, *DANGEROUS)} == {one.name for one in known}


def test_a_change_of_a_kind_that_we_do_not_know_touches_everybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(PARTS, BreakingChangeType.FIELD_REMOVED)

    assert None in touched(", rate: Float", "", is_breaking=True)


def test_what_stays_the_same_is_no_change() -> None:
    assert changes(build_schema(OLD), build_schema(OLD)) == []
