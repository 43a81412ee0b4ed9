"""What an operation uses is what its text and its variables name, wherever they name it."""

from typing import Any

from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate

from gateway.usage.fields import Uses
from schema.contract import core_schema

SCHEMA = build_schema(
    """
    interface Node { id: ID! }
    type Course implements Node { id: ID!, title(short: Boolean): String, level: Level }
    type Lesson implements Node { id: ID!, text: String }
    union Found = Course | Lesson
    enum Level { LOW HIGH }
    input Range { from: Int, to: Int }
    input Wish { level: Level, levels: [Level!], range: Range, ranges: [Range!], text: String }
    type Query { node: Node, find(wish: Wish, wishes: [Wish!], level: Level): [Found!] }
    """
)


def uses(text: str, name: str | None = None, schema: GraphQLSchema = SCHEMA) -> Uses:
    document = parse(text)
    assert validate(schema, document) == []
    [operation] = [
        one
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
        and (name is None or (one.name and one.name.value == name))
    ]
    return Uses(schema, document, operation)


def used(text: str, name: str | None = None) -> set[str]:
    return set(uses(text, name).coordinates)


def given(text: str, **variables: Any) -> set[str]:
    return set(uses(text).given(variables))


def test_fields_arguments_and_fragments_types_are_named() -> None:
    text = "{ node { __typename id ... on Course { t: title(short: true) ... { level } } } }"

    assert used(text) == {
        "Query.node",
        "Node.id",
        "Course",
        "Course.title",
        "Course.title(short:)",
        "Course.level",
    }


def test_literals_name_fields_of_inputs_and_values_of_enums() -> None:
    text = (
        '{ find(wish: {levels: [LOW], range: {to: 1}, text: "LOW"}, level: HIGH) { __typename } }'
    )

    assert used(text) == {
        "Query.find",
        "Query.find(wish:)",
        "Query.find(level:)",
        "Wish",
        "Wish.levels",
        "Wish.range",
        "Wish.text",
        "Range",
        "Range.to",
        "Level.LOW",
        "Level.HIGH",
    }


def test_a_lone_item_and_a_default_count_as_in_a_list() -> None:
    text = "query ($w: [Wish!] = {range: {from: 1}}) { find(wishes: $w) { __typename } }"

    assert used(text) >= {"Wish", "Wish.range", "Range", "Range.from", "Query.find(wishes:)"}


def test_an_operation_uses_its_own_fragments_alone_and_each_once() -> None:
    spread = " ".join(["...A"] * 50)
    text = f"""
        query One {{ node {{ {spread} }} }}
        query Two {{ node {{ ...B }} }}
        fragment A on Course {{ title ...B }}
        fragment B on Node {{ id }}
    """

    assert used(text, "One") == {"Query.node", "Course", "Course.title", "Node", "Node.id"}
    assert used(text, "Two") == {"Query.node", "Node", "Node.id"}


def test_directives_are_named_with_their_arguments() -> None:
    text = "query ($no: Boolean!) { node { id @skip(if: $no) } }"

    assert used(text) == {"Query.node", "Node.id", "@skip", "@skip(if:)"}


def test_introspection_is_no_use_of_the_contract() -> None:
    assert used("{ __schema { types { name } } __typename }") == set()


def test_variables_name_what_their_values_do() -> None:
    text = "query ($w: Wish, $l: Level) { find(wish: $w, level: $l) { __typename } }"

    assert used(text) >= {"Wish", "Level"}
    assert given(text, w={"ranges": [{"from": 1}, {"to": None}]}, l="LOW") == {
        "Wish.ranges",
        "Range",
        "Range.from",
        "Range.to",
        "Level.LOW",
    }
    assert given(text) == given(text, w=None) == set()


def test_what_the_text_names_already_is_not_named_again() -> None:
    text = "query ($l: Level) { a: find(level: LOW) { __typename } find(level: $l) { __typename } }"

    assert given(text, l="LOW") == set()


def test_variables_of_scalars_are_not_looked_at() -> None:
    class Untouched(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            raise AssertionError("looked at")

    text = "query ($no: Boolean!) { node { id @skip(if: $no) } }"

    assert uses(text).given(Untouched(no=True)) == frozenset()


def test_our_own_contract_is_named_as_it_is() -> None:
    text = "query ($f: Int) { viewer { courses(first: $f) { edges { node { title } } } } }"

    assert uses(text, schema=core_schema()).coordinates == {
        "Query.viewer",
        "Viewer.courses",
        "Viewer.courses(first:)",
        "CourseConnection.edges",
        "CourseEdge.node",
        "Course.title",
    }
