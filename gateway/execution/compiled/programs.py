"""The compiled forms of one operation: one for each way in which `@skip` and `@include` fall."""

import asyncio
from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeAlias

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
from services.kit.log import Log
from services.kit.once import flight

CONDITIONS = ("skip", "include")
log = Log("execution")
Fall: TypeAlias = tuple[Any, ...]
MOST = 16
MOST_TOKENS_AT_FIRST = 500
"""Nobody waits for the code of more."""
TOO_SELDOM = NotCompiled("not used often enough yet")
BEING_COMPILED = NotCompiled("being compiled")


class Programs:
    """Made beside the requests, once an operation was used more than `after` times; 0: at once.

    Until then, for what cannot be compiled and for what would be one too many, there is
    graphql-core; but for an operation whose first answer is worth its code.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        after: int = 0,
    ) -> None:
        self._schema = schema
        self._document = document
        self._operation = operation
        self._after = after
        self._uses = 0
        self._known: dict[Fall, Plan | NotCompiled] = {}
        self._making: dict[Fall, asyncio.Task[None]] = {}

    def find(self, variables: VariableValues) -> Plan | NotCompiled:
        """For these variables, coerced."""
        self._uses += 1
        if self._uses <= self._after:
            return TOO_SELDOM
        fall = self._fall(variables)
        return self._known.get(fall) or self._made(fall, variables)

    def is_worth(self, cost: float) -> bool:
        """Whether graphql-core takes longer for one answer than its code and the answer take.

        Its time goes by the things of an answer, and the compiler's by the tokens of a document.
        """
        tokens = self._document.token_count
        return tokens <= MOST_TOKENS_AT_FIRST and cost > tokens

    async def first(self, variables: VariableValues) -> Plan | NotCompiled:
        """For these variables, coerced; all who come meanwhile wait for the same."""
        fall = self._fall(variables)
        found = self._known.get(fall) or self._made(fall, variables)
        if found is BEING_COMPILED:
            await asyncio.shield(self._making[fall])
            return self._known[fall]
        return found

    def _fall(self, variables: VariableValues) -> Fall:
        return tuple([variables.coerced.get(name) for name in self._conditions])

    @cached_property
    def _conditions(self) -> list[str]:
        return sorted(conditions_of(self._document))

    def _made(self, fall: Fall, variables: VariableValues) -> Plan | NotCompiled:
        if fall in self._making:
            return BEING_COMPILED
        if len(self._known) + len(self._making) >= MOST:
            return NotCompiled(f"more than {MOST} combinations of @skip and @include")
        if self._after == 0:
            self._known[fall] = self._compiled(variables)
            return self._known[fall]
        self._making[fall] = flight(self._make(fall, variables), "compile")
        return BEING_COMPILED

    async def _make(self, fall: Fall, variables: VariableValues) -> None:
        self._known[fall] = await asyncio.to_thread(self._compiled, variables)
        del self._making[fall]

    def _compiled(self, variables: VariableValues) -> Plan | NotCompiled:
        try:
            plan = plan_of(self._schema, self._document, self._operation, variables)
            compiled(plan)
        except NotCompiled as reason:
            return reason
        except GraphQLError as error:
            return NotCompiled(error.message)
        except Exception as unforeseen:
            # Nobody is refused because their operation could have been run faster.
            log.error("operation.not_compiled", unforeseen)
            return NotCompiled("a fault of the compiler")
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
