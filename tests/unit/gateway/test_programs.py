"""When operations are compiled: once they are used again and again, and beside the requests."""

import asyncio

import pytest
from graphql import OperationDefinitionNode, parse
from graphql.execution.values import VariableValues

from gateway.execution.compiled import programs
from gateway.execution.compiled.plan import NotCompiled, Plan
from gateway.execution.compiled.programs import BEING_COMPILED, MOST, TOO_SELDOM, Programs
from schema.contract import core_schema
from tests.integration.monolith.waiting import until

NOTHING = VariableValues({}, {})
SKIPS = "query ($a: Boolean!, $b: Int) { viewer { name id @skip(if: $a) } }"


def programs_of(text: str, after: int = 0) -> Programs:
    document = parse(text)
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return Programs(core_schema(), document, operation, after)


def test_at_once_where_nothing_is_waited_for() -> None:
    assert isinstance(programs_of("{ viewer { name } }").find(NOTHING), Plan)


async def test_what_is_used_seldom_is_never_compiled() -> None:
    found = programs_of("{ viewer { name } }", after=2)

    assert [found.find(NOTHING) for _ in range(2)] == [TOO_SELDOM] * 2


async def test_it_is_compiled_beside_the_requests() -> None:
    found = programs_of("{ viewer { name } }", after=1)
    found.find(NOTHING)

    assert [found.find(NOTHING) for _ in range(3)] == [BEING_COMPILED] * 3

    async def is_compiled() -> bool:
        return isinstance(found.find(NOTHING), Plan)

    await until(is_compiled)


async def test_all_who_come_first_wait_for_one_plan() -> None:
    found = programs_of("{ viewer { name } }", after=2)

    one, other = await asyncio.gather(found.first(NOTHING), found.first(NOTHING))

    assert isinstance(one, Plan)
    assert one is other


async def test_who_leaves_while_it_is_compiled_harms_nobody() -> None:
    found = programs_of("{ viewer { name } }", after=2)
    leaving = asyncio.create_task(found.first(NOTHING))
    await asyncio.sleep(0)
    leaving.cancel()

    assert isinstance(await found.first(NOTHING), Plan)


def test_an_answer_of_more_things_than_its_document_has_words_is_worth_it() -> None:
    found = programs_of("{ viewer { name } }")

    assert [found.is_worth(cost) for cost in (1, 1_000)] == [False, True]


def test_the_code_of_a_long_document_is_not_waited_for() -> None:
    names = " ".join(f"n{nth}: name" for nth in range(300))

    assert not programs_of(f"{{ viewer {{ {names} }} }}").is_worth(10_000)


def test_each_way_in_which_a_condition_falls_has_a_plan_of_its_own() -> None:
    found = programs_of(SKIPS)
    skipped, shown = (found.find(VariableValues({}, {"a": a, "b": 1})) for a in (True, False))

    assert isinstance(skipped, Plan)
    assert isinstance(shown, Plan)
    assert [len(one.selections[0].fields) for one in (skipped, shown)] == [1, 2]
    assert found.find(VariableValues({}, {"a": True, "b": 2})) is skipped


def test_plans_of_one_operation_are_bounded() -> None:
    names = [f"v{number}" for number in range(MOST + 1)]
    head = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: name @skip(if: ${name})" for name in names)
    found = programs_of(f"query ({head}) {{ viewer {{ id {fields} }} }}")

    falls = [{name: name == one for name in names} for one in names]
    plans = [found.find(VariableValues({}, fall)) for fall in falls]

    assert [isinstance(plan, Plan) for plan in plans] == [True] * MOST + [False]


def test_a_fault_of_the_compiler_is_nobodys_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(plan: Plan) -> str:
        raise KeyError("a bug")

    monkeypatch.setattr(programs, "compiled", fail)

    assert isinstance(programs_of("{ viewer { name } }").find(NOTHING), NotCompiled)
