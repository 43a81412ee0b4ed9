"""Runs what is asked, whichever transport it came by."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from graphql import ExecutionResult, GraphQLSchema

from gateway.admission.admission import Admission
from gateway.cache.answers import Answers
from gateway.execution import choice, core
from gateway.execution.choice import Execute
from gateway.execution.operation import Operation
from gateway.operation.ask import Ask
from gateway.operation.document import Documents
from gateway.operation.limits import Excess
from gateway.operation.persisted import Persisted
from gateway.operation.plan import Planned
from gateway.operation.refusal import Code
from gateway.operation.texts import Asked, Texts
from gateway.realtime.groups import Groups
from gateway.usage.client import UNNAMED, Client, named
from gateway.usage.usage import Usage
from resolvers.context import Context
from resolvers.say import Say
from resolvers.sight import Sight
from schema.following import Wanted
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock


@dataclass(frozen=True, slots=True)
class Engine:
    """`context_for` makes the context of one execution, for whoever asked and since when.

    What the viewer has seen before is in `sight`, and afterwards also what they were shown; `say`
    tells them our sentences.
    """

    schema: GraphQLSchema
    documents: Documents
    context_for: Callable[[Viewer | None, float | None, Sight, Say], Context]
    texts: Texts = field(default_factory=lambda: Texts(Persisted(SystemClock())))
    usage: Usage | None = None
    execute: Execute = choice.compiled
    answers: Answers | None = None
    admission: Admission = field(default_factory=lambda: Admission(SystemClock()))
    """Whoever runs an operation enters here first."""
    groups: Groups = field(default_factory=Groups)
    """Those who follow subscriptions."""

    async def read(self, ask: Ask, viewer: Viewer | None, client: Client = UNNAMED) -> Operation:
        """What the viewer may run, and which client they use; raises BadDocument."""
        asked = await self.texts.of(ask)
        document = self.documents.read(asked.text, asked.hash)
        planned = document.operation(ask.operation_name)
        variables = self.documents.variables(planned, ask.variables)
        cost = self._cost(planned, variables.coerced, viewer, document.hash)
        # Nobody fills the store of all without saying who they are.
        if viewer is not None:
            await self.texts.keep(asked)
        whose = self._whose(asked, viewer, client)
        return Operation(document.node, planned, ask, variables, whose, cost, document.hash)

    def _whose(self, asked: Asked, viewer: Viewer | None, client: Client) -> Client:
        """Only who signed in adds names of their own; else it is whose document it is."""
        if viewer is not None and client != UNNAMED:
            return client
        return named(self.texts.owner(asked))

    def count(self, operation: Operation) -> None:
        if self.usage is not None:
            self.usage.count(operation.client, operation.planned.uses, operation.ask.variables)

    def affords(self, operation: Operation, viewer: Viewer) -> bool:
        return operation.cost <= self.documents.rules.limits.budget_of(viewer)

    def _cost(
        self, planned: Planned, variables: dict[str, Any], viewer: Viewer | None, document: str
    ) -> float:
        rules = self.documents.rules
        cost = planned.cost.of(variables) if planned.cost else 0.0
        budget = rules.limits.budget_of(viewer)
        if cost > budget:
            rules.judge(Excess(Code.MAX_COST, cost, budget), document)
        return cost

    async def run(
        self,
        operation: Operation,
        viewer: Viewer | None,
        received_s: float,
        sight: Sight,
        say: Say,
    ) -> ExecutionResult:
        """`received_s`: when the door received it, on the clock's monotonic scale."""
        self.count(operation)
        return await self.executed(operation, self.context_for(viewer, received_s, sight, say))

    async def executed(self, operation: Operation, ctx: Context) -> ExecutionResult:
        """In a context that it closes."""
        result = await self.execute(self.schema, operation, ctx, None)
        if self.documents.rules.tells_cost:
            result.extensions = {"cost": operation.cost}
        return result

    async def deliver(
        self,
        operation: Operation,
        viewer: Viewer | None,
        received_s: float,
        sight: Sight,
        say: Say,
    ) -> AsyncGenerator[core.Part, None]:
        """As `run`, in parts where the operation defers some; all have the one budget of time."""
        self.count(operation)
        given = core.deliver(
            self.schema,
            operation.document,
            operation.ask.variables or {},
            operation.ask.operation_name,
            self.context_for(viewer, received_s, sight, say),
        )
        async with aclosing(given) as parts:
            async for part in parts:
                if self.documents.rules.tells_cost and not isinstance(part, core.Later):
                    part.extensions = {"cost": operation.cost}
                yield part

    async def wanted(self, operation: Operation, ctx: Context) -> Wanted | ExecutionResult:
        """What a subscription asks to follow."""
        self.count(operation)
        given, name = operation.ask.variables or {}, operation.ask.operation_name
        return await core.wanted(self.schema, operation.document, given, name, ctx)
