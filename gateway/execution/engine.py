"""Runs what is asked, whichever transport it came by."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from graphql import DocumentNode, ExecutionResult, GraphQLSchema, OperationType

from gateway.execution import core
from gateway.operation.ask import Ask
from gateway.operation.document import Documents
from gateway.operation.limits import Excess
from gateway.operation.persisted import Persisted
from gateway.operation.plan import Planned
from gateway.operation.refusal import Code
from gateway.operation.texts import Asked, Texts
from gateway.usage.client import UNNAMED, Client, named
from gateway.usage.fields import Uses
from gateway.usage.usage import Usage
from resolvers.context import Context
from resolvers.say import Say
from resolvers.sight import Sight
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, read and validated; `kind` is query, mutation or subscription."""

    document: DocumentNode
    kind: OperationType
    ask: Ask
    uses: Uses
    client: Client = UNNAMED
    cost: float = 0.0


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

    async def read(self, ask: Ask, viewer: Viewer | None, client: Client = UNNAMED) -> Operation:
        """What the viewer may run, and which client they use; raises BadDocument."""
        asked = await self.texts.of(ask)
        document = self.documents.read(asked.text, asked.hash)
        operation = document.operation(ask.operation_name)
        cost = self._cost(operation, ask, viewer, document.hash)
        # Nobody fills the store of all without saying who they are.
        if viewer is not None:
            await self.texts.keep(asked)
        whose = self._whose(asked, viewer, client)
        return Operation(document.node, operation.kind, ask, operation.uses, whose, cost)

    def _whose(self, asked: Asked, viewer: Viewer | None, client: Client) -> Client:
        """Only who signed in adds names of their own; else it is whose document it is."""
        if viewer is not None and client != UNNAMED:
            return client
        return named(self.texts.owner(asked))

    def _count(self, operation: Operation) -> None:
        if self.usage is not None:
            self.usage.count(operation.client, operation.uses, operation.ask.variables)

    def _cost(self, operation: Planned, ask: Ask, viewer: Viewer | None, document: str) -> float:
        variables = self.documents.variables(operation, ask.variables)
        rules = self.documents.rules
        cost = operation.cost.of(variables) if operation.cost else 0.0
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
        self._count(operation)
        result = await core.run(
            self.schema,
            operation.document,
            operation.ask.variables or {},
            operation.ask.operation_name,
            self.context_for(viewer, received_s, sight, say),
        )
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
        self._count(operation)
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

    def stream(
        self, operation: Operation, viewer: Viewer | None, sight: Sight, say: Say
    ) -> AsyncGenerator[ExecutionResult, None]:
        """A result an event; each is executed with a context, and so a deadline, of its own."""
        self._count(operation)
        return core.stream(
            self.schema,
            operation.document,
            operation.ask.variables or {},
            operation.ask.operation_name,
            lambda: self.context_for(viewer, None, sight, say),
        )
