"""Explains one operation of a document as a gateway with these settings would take it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import print_ast
from graphql.execution.values import VariableValues

from gateway.execution.compiled.arguments import NO_VARIABLES
from gateway.execution.compiled.plan import NotCompiled, Plan
from gateway.execution.compiled.programs import conditions_of
from gateway.execution.compiled.source import Source
from gateway.execution.explained import lines
from gateway.operation.document import Documents
from gateway.operation.plan import Document, Planned
from gateway.operation.refusal import BadDocument, Code, refused
from gateway.operation.setup import rules_of
from schema.contract import core_schema
from services.kit.cli import settings_from_environ

BY_PARTS = "; by graphql-core for clients that take what is deferred in parts"


@dataclass(frozen=True, slots=True)
class Explained:
    """`source` is None where the operation is graphql-core's."""

    lines: Sequence[str]
    source: str | None


def explained(text: str, name: str | None, given: dict[str, Any] | None) -> Explained:
    """Raises BadDocument, which says what is wrong: whoever has the code may know the contract."""
    rules = replace(rules_of(settings_from_environ()), is_open=True, compiles_after=0)
    documents = Documents(core_schema(), rules)
    document = documents.read(text)
    operation = document.operation(name)
    variables = _variables(documents, operation, given)
    plan = operation.programs.find(variables)
    head = _head(operation, variables, given)
    if isinstance(plan, NotCompiled):
        _check_told(document, given)
        return Explained([*head, f"by graphql-core: {plan}"], None)
    how = f"compiled{BY_PARTS if _defers(document) else ''}"
    return Explained([*head, how, "", *lines(plan, variables)], "\n".join(_source(plan)))


def _variables(
    documents: Documents, operation: Planned, given: dict[str, Any] | None
) -> VariableValues:
    """None are needed to explain most operations."""
    try:
        return documents.variables(operation, given)
    except BadDocument:
        if given is not None:
            raise
        return NO_VARIABLES


def _check_told(document: Document, given: dict[str, Any] | None) -> None:
    if given is None and conditions_of(document.node):
        raise refused(Code.VALIDATION, "Variables decide what is asked: say them by --variables.")


def _defers(document: Document) -> bool:
    return "@defer" in print_ast(document.node)


def _head(
    operation: Planned, variables: VariableValues, given: dict[str, Any] | None
) -> Iterator[str]:
    named = operation.node.name
    yield f"{operation.kind.value} {named.value}" if named else operation.kind.value
    cost = operation.cost.of(variables.coerced) if operation.cost else None
    if cost is None:
        yield "cost unknown: it is too large to be worked out"
    else:
        is_assumed = given is None and operation.node.variable_definitions
        assumed = ", where lists are as long as is assumed" if is_assumed else ""
        yield f"cost {cost:g}{assumed}"


def _source(plan: Plan) -> Iterator[str]:
    """What its names stand for, and the code: a client's words are among the first alone."""
    made = Source(plan)
    for name, value in made.names.items():
        if isinstance(value, str):
            yield f"# {name}: {value}"
    yield ""
    yield made.text
