"""Runs one operation on both executors, over worlds that are alike, and compares."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    GraphQLSchema,
    NameNode,
    NoFragmentCyclesRule,
    NoUnusedFragmentsRule,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    PossibleFragmentSpreadsRule,
    SingleFieldSubscriptionsRule,
    parse,
    validate,
)
from graphql.execution.values import VariableValues, get_variable_values

from gateway.execution import core
from gateway.execution.compiled.executor import execute
from gateway.execution.compiled.plan import NotCompiled, Plan
from gateway.execution.compiled.programs import Programs
from resolvers.context import Context
from tests.execution.compare import Told, deepest_list, differences
from tests.execution.grammar import Drawn

BROKEN_AT_TIMES = [
    OverlappingFieldsCanBeMergedRule,
    PossibleFragmentSpreadsRule,
    SingleFieldSubscriptionsRule,
    NoUnusedFragmentsRule,
    NoFragmentCyclesRule,
]
"""The rules that a drawn operation may break; to try all takes longer than the rest of a proof."""
UNPROPAGATED = "experimental_disableErrorPropagation"


@dataclass(frozen=True, slots=True)
class Side:
    """What a run may do to its surroundings: `ctx` for one execution, and what it saw of it."""

    ctx: Context
    asked: Callable[[], Counter[Any]]
    """By field and arguments and parent, how often a source was asked."""
    done: Callable[[], list[Any]]
    """What mutations did, in order."""
    calls: Callable[[], int]
    """How often sources were called, for however many parents."""
    event: Any = None


@dataclass(slots=True)
class Tally:
    """`different` has each operation that was not answered the same, with what was not."""

    operations: int = 0
    shares: Counter[str] = field(default_factory=Counter)
    not_compiled: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, int | float]:
        names = ["fragments", "propagated_nulls", "errors", "lists_3_deep", "mutations", "events"]
        shares = {name: self.shares[name] / max(1, self.operations) for name in names}
        counts = {"operations": self.operations, "not_compiled": self.not_compiled.total()}
        calls = {f"calls_{name}": self.calls[name] for name in ("compiled", "graphql_core")}
        return {**counts, **shares, **calls, "different": len(self.different)}


@dataclass(frozen=True, slots=True)
class Proof:
    """`side()` begins anew each time, alike."""

    schema: GraphQLSchema
    tally: Tally

    async def take(self, drawn: Drawn, side: Callable[[], Side]) -> None:
        """Counts a valid one with valid variables; others are none."""
        document = parse(drawn.text)
        [operation] = [
            one for one in document.definitions if isinstance(one, OperationDefinitionNode)
        ]
        if validate(self.schema, document, BROKEN_AT_TIMES, max_errors=1):
            return
        values = get_variable_values(
            self.schema, operation.variable_definitions or (), drawn.variables
        )
        if not isinstance(values, VariableValues):
            return
        plan = Programs(self.schema, document, operation).find(values)
        self.tally.operations += 1
        if isinstance(plan, NotCompiled):
            self.tally.not_compiled[str(plan)] += 1
            return
        found = await self._compared(document, drawn, plan, values, side)
        if found:
            told = json.dumps(drawn.variables)
            self.tally.different.append("\n".join([drawn.text, told, *found]))

    async def _compared(
        self,
        document: DocumentNode,
        drawn: Drawn,
        plan: Plan,
        values: VariableValues,
        side: Callable[[], Side],
    ) -> list[str]:
        compiled, interpreted, every = side(), side(), side()
        try:
            one = await self._run(plan, values, compiled)
        except Exception as crash:
            return [f"crashed: {crash!r}"]
        other = await self._interpret(document, drawn, interpreted)
        oracle, most = other, interpreted
        if Told.of(other).under or Told.of(one).under:
            oracle, most = await self._interpret(_unpropagated(document), drawn, every), every
        self._count(drawn, other)
        if oracle is other:
            self.tally.calls += Counter(compiled=compiled.calls(), graphql_core=interpreted.calls())
        found = differences(one, other, oracle)
        # What is null by what came from below may have been asked for by then, or not.
        if asked := compiled.asked() - most.asked():
            found.append(f"asked more: {asked}")
        if compiled.done() != interpreted.done():
            found.append(f"done: {compiled.done()} and {interpreted.done()}")
        return found

    async def _run(self, plan: Plan, values: VariableValues, side: Side) -> ExecutionResult:
        try:
            return await execute(self.schema, plan, side.ctx, values, side.event)
        finally:
            await side.ctx.close()

    async def _interpret(self, document: DocumentNode, drawn: Drawn, side: Side) -> ExecutionResult:
        given = drawn.variables
        return await core.run(self.schema, document, given, None, side.ctx, side.event)

    def _count(self, drawn: Drawn, result: ExecutionResult) -> None:
        told = Told.of(result)
        self.tally.shares += Counter(
            fragments="..." in drawn.text,
            propagated_nulls=bool(told.under),
            errors=bool(result.errors),
            lists_3_deep=deepest_list(result.data) >= 3,
            mutations=drawn.kind == "mutation",
            events=drawn.kind == "subscription",
        )


def _unpropagated(document: DocumentNode) -> DocumentNode:
    """The same, but each error makes null its own position alone."""
    mark = DirectiveNode(name=NameNode(value=UNPROPAGATED), arguments=())
    definitions = [_marked(one, mark) for one in document.definitions]
    return DocumentNode(definitions=tuple(definitions))


def _marked(node: DefinitionNode, mark: DirectiveNode) -> DefinitionNode:
    if not isinstance(node, OperationDefinitionNode):
        return node
    kept: dict[str, Any] = {name: getattr(node, name, None) for name in node.keys}
    return OperationDefinitionNode(**{**kept, "directives": (*(node.directives or ()), mark)})
