"""The compiled forms of one operation: one for each way in which `@skip` and `@include` fall."""

from collections.abc import Iterable
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues

from gateway.execution.compiled.plan import NotCompiled, Plan
from gateway.execution.compiled.planning import plan_of
from gateway.execution.compiled.source import compiled

CONDITIONS = ("skip", "include")
MOST = 16


class Programs:
    """Bounded: what would be one too many is for graphql-core, as is what cannot be compiled."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self._schema = schema
        self._document = document
        self._operation = operation
        self._conditions = sorted(conditions_of(document))
        self._known: dict[tuple[Any, ...], Plan | NotCompiled] = {}

    def find(self, variables: VariableValues) -> Plan | NotCompiled:
        """For these variables, coerced."""
        fall = tuple(variables.coerced.get(name) for name in self._conditions)
        found = self._known.get(fall)
        if found is None:
            found = self._made(variables)
            if len(self._known) < MOST:
                self._known[fall] = found
        return found

    def _made(self, variables: VariableValues) -> Plan | NotCompiled:
        if len(self._known) >= MOST:
            return NotCompiled(f"more than {MOST} combinations of @skip and @include")
        try:
            plan = plan_of(self._schema, self._document, self._operation, variables)
        except NotCompiled as reason:
            return reason
        except GraphQLError as error:
            return NotCompiled(error.message)
        compiled(plan)
        return plan


def conditions_of(document: DocumentNode) -> set[str]:
    """The variables that decide what is asked at all."""
    found = _Conditions()
    visit(document, found)
    return found.names


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value in CONDITIONS:
            self.names.update(_variables(node))


def _variables(node: DirectiveNode) -> Iterable[str]:
    values = [argument.value for argument in node.arguments or ()]
    return [value.name.value for value in values if isinstance(value, VariableNode)]
