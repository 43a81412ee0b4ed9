"""What an operation costs follows what the contract says of its fields, and the variables."""

from typing import Any

import pytest

from gateway.operation.document import Documents
from gateway.operation.limits import Limits
from schema.contract import core_schema
from tests.fakes.tenant import OPERATOR, TEACHER, viewer


def cost(text: str, **variables: Any) -> float:
    documents = Documents(core_schema())
    operation = documents.read(text).operation(None)
    assert operation.cost is not None
    return operation.cost.of(documents.variables(operation, variables).coerced)


@pytest.mark.parametrize(
    ("text", "costs"),
    [
        ("{ __typename }", 0),
        ("{ viewer { id name } }", 1),
        ("{ viewer { courses(first: 3) { totalCount } } }", 2),
        ("{ viewer { courses(first: 3) { edges { cursor } } } }", 2 + 3),
        ("{ viewer { courses(first: 3) { edges { node { title } } } } }", 2 + 3 * 2),
        ("{ viewer { courses { edges { node { title } } } } }", 2 + 20 * 2),
        ("{ viewer { courses(first: null) { edges { node { title } } } } }", 2 + 20 * 2),
        ('{ nodes(ids: ["a", "b"]) { id } }', 2),
        ('{ course(id: "a") { outline { lessons { id } } } }', 1 + 10 * (1 + 10)),
        ('mutation { completeLesson(input: {lessonId: "a", key: "k"}) { __typename } }', 11),
    ],
)
def test_each_thing_costs_one_and_what_is_asked_of_it(text: str, costs: float) -> None:
    assert cost(text) == costs


def test_a_list_is_as_long_as_the_variables_say() -> None:
    text = "query ($n: Int) { viewer { courses(first: $n) { edges { node { title } } } } }"

    assert cost(text, n=3) == 2 + 3 * 2
    assert cost(text) == cost(text, n=None) == 2 + 20 * 2
    assert cost(text, n=-5) == 2


def test_a_variables_default_counts() -> None:
    text = "query ($n: Int = 7) { viewer { courses(first: $n) { edges { cursor } } } }"

    assert cost(text) == 2 + 7


def test_a_list_of_ids_counts_by_its_items() -> None:
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"

    assert cost(text, ids=["a"] * 30) == 30


def test_lists_in_lists_multiply() -> None:
    text = """query ($a: Int, $b: Int) { viewer { courses(first: $a) { edges { node {
      assessments(first: $b) { edges { cursor } } } } } } }"""

    assert cost(text, a=10, b=100) == 2 + 10 * (2 + 1 + 100)


def test_fields_that_are_one_in_the_answer_cost_once() -> None:
    once = "{ viewer { courses { edges { node { progress { ratio } } } } } }"
    thrice = """{ viewer { ...A ...B courses { edges { node { progress { ratio } } } } } }
    fragment A on Viewer { courses { edges { node { progress { ratio } } } } }
    fragment B on Viewer { courses { edges { node { progress { total } } } } }"""

    assert cost(thrice) == cost(once)


def test_aliases_cost_each() -> None:
    assert cost("{ a: viewer { id } b: viewer { id } }") == 2


def test_staff_may_spend_more() -> None:
    limits = Limits(budget=100)

    assert limits.budget_of(None) == 0.5
    assert limits.budget_of(viewer("acme")) == 100
    assert limits.budget_of(viewer("acme", TEACHER)) == 200
    assert limits.budget_of(viewer("acme", OPERATOR)) == 500
