"""What is not compiled is answered all the same, and said to be."""

from dataclasses import replace
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLSchema, OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_variable_values
from msgspec import structs

from gateway.execution import choice
from gateway.execution.compiled import programs, selecting
from gateway.execution.compiled.plan import NotCompiled, Plan
from gateway.execution.compiled.programs import Programs
from gateway.execution.operation import Operation
from schema.contract import core_schema
from tests.execution.nasty import nasty_schema
from tests.execution.script import Script, asking_of, sheep, wolf
from tests.fakes import asking
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import add_tenant, viewer

Notes = list[tuple[str, str]]


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    """What is said in traces of who answered."""
    made: Notes = []
    monkeypatch.setattr(choice, "note", lambda name, value: made.append((name, value)))
    return made


def programs_of(query: str, schema: GraphQLSchema | None = None) -> tuple[Programs, Any]:
    document = parse(query)
    [operation] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return Programs(schema or nasty_schema(), document, operation), operation


def values(operation: Any, **given: Any) -> VariableValues:
    made = get_variable_values(nasty_schema(), operation.variable_definitions or (), given)
    assert isinstance(made, VariableValues)
    return made


MANY = "query ({}) {{ wolf {{ nick {} }} }}".format(
    " ".join(f"$b{n}: Boolean!" for n in range(5)),
    " ".join(f"a{n}: name @skip(if: $b{n})" for n in range(5)),
)


def test_of_one_operation_so_many_plans_are_kept_and_no_more() -> None:
    made, operation = programs_of(MANY)
    falls = [{f"b{bit}": bool(n >> bit & 1) for bit in range(5)} for n in range(32)]

    found = [made.find(values(operation, **fall)) for fall in falls]

    assert sum(isinstance(one, Plan) for one in found) == programs.MOST
    assert all(isinstance(one, NotCompiled) for one in found[programs.MOST :])


def test_what_was_planned_once_is_found_again() -> None:
    made, operation = programs_of("query ($n: Int, $b: Boolean!) { echo(count: $n) @skip(if: $b) }")

    first = made.find(values(operation, n=1, b=False))

    assert made.find(values(operation, n=2, b=False)) is first
    assert made.find(values(operation, n=1, b=True)) is not first


def test_what_cannot_be_planned_is_known_not_to_be() -> None:
    made, operation = programs_of("{ __schema { queryType { name } } }")

    first = made.find(values(operation))

    assert isinstance(first, NotCompiled)
    assert made.find(values(operation)) is first


async def test_past_the_plans_of_an_operation_the_rest_is_answered_all_the_same(
    notes: Notes,
) -> None:
    made, _ = programs_of(MANY)
    ran = []
    for n in range(18):
        given = {f"b{bit}": bool(n >> bit & 1) for bit in range(5)}
        operation = asking.operation_of(nasty_schema(), MANY, given)
        assert isinstance(operation, Operation)
        planned = replace(operation.planned, programs=made)
        operation = structs.replace(operation, planned=planned)
        ctx = asking_of(Script({"Query.wolf": wolf(nick="x", name="y")}))
        ran.append(await choice.compiled(nasty_schema(), operation, ctx))

    shown = [set(one.data["wolf"]) - {"nick"} for one in ran if one.data]
    assert shown == [{f"a{bit}" for bit in range(5) if not n >> bit & 1} for n in range(18)]
    reason = f"more than {programs.MOST} combinations of @skip and @include"
    assert notes.count(("graphql.not_compiled", reason)) == 18 - programs.MOST


async def test_an_operation_of_too_many_fields_is_answered_all_the_same(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selecting, "MOST_FIELDS", 10)
    query = "{ wolf { friend { nick name } } }"
    said = {"Query.wolf": wolf(friend=sheep(nick="x", name="y"))}

    result = await asking.asked(nasty_schema(), query, {}, asking_of(Script(said)))
    assert (result.data, notes) == ({"wolf": {"friend": {"nick": "x", "name": "y"}}}, [])
    query = "{ wolf { friend { nick name age tag } } }"
    said = {"Query.wolf": wolf(friend=sheep(nick="x", name="y", age=1, tag="t"))}

    result = await asking.asked(nasty_schema(), query, {}, asking_of(Script(said)))

    assert result.errors is None
    assert notes == [
        ("graphql.not_compiled", "more than 10 fields"),
        ("graphql.executor", "graphql-core"),
    ]


@pytest.mark.parametrize(
    "query", ["{ __schema { queryType { name } } }", '{ __type(name: "Query") { name } }']
)
async def test_the_schema_itself_is_asked_of_graphql_core(notes: Notes, query: str) -> None:
    result = await asking.asked(core_schema(), query, {}, asking_of(Script({})))

    assert result.errors is None
    assert "Query" in str(result.data)
    assert ("graphql.executor", "graphql-core") in notes


async def test_a_condition_that_is_null_is_an_error_and_no_crash(notes: Notes) -> None:
    query = "query ($b: Boolean = true) { __typename wolf @include(if: $b) { nick } }"

    result = await asking.asked(nasty_schema(), query, {"b": None}, asking_of(Script({})))

    assert isinstance(result, ExecutionResult)
    assert result.errors
    assert [name for name, _ in notes] == ["graphql.not_compiled", "graphql.executor"]


async def test_what_is_compiled_says_nothing(notes: Notes) -> None:
    platform = FakePlatform()
    add_tenant(platform, "acme")

    result = await asking.ask(platform, viewer("acme"), "{ viewer { name } }")

    assert result.data == {"viewer": {"name": "acme person 4"}}
    assert notes == []
