"""Runs what is asked, whichever transport it came by."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from graphql import DocumentNode, ExecutionResult, GraphQLSchema, OperationType

from gateway.execution import core
from gateway.operation.ask import Ask
from gateway.operation.document import Documents, operation_of
from resolvers.context import Context
from resolvers.sight import Sight
from services.contracts.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, read and validated; `kind` is query, mutation or subscription."""

    document: DocumentNode
    kind: OperationType
    ask: Ask


@dataclass(frozen=True, slots=True)
class Engine:
    """`context_for` makes the context of one execution, for whoever asked and since when.

    What the viewer has seen before is in `sight`, and afterwards also what they were shown.
    """

    schema: GraphQLSchema
    documents: Documents
    context_for: Callable[[Viewer | None, float | None, Sight], Context]

    def read(self, ask: Ask) -> Operation:
        """Raises BadDocument."""
        document = self.documents.read(ask.query)
        kind = operation_of(document, ask.operation_name).operation
        return Operation(document, kind, ask)

    async def run(
        self, operation: Operation, viewer: Viewer | None, received_s: float, sight: Sight
    ) -> ExecutionResult:
        """`received_s`: when the door received it, on the clock's monotonic scale."""
        return await core.run(
            self.schema,
            operation.document,
            operation.ask.variables or {},
            operation.ask.operation_name,
            self.context_for(viewer, received_s, sight),
        )

    def stream(
        self, operation: Operation, viewer: Viewer | None, sight: Sight
    ) -> AsyncIterator[ExecutionResult]:
        """A result an event; each is executed with a context, and so a deadline, of its own."""
        return core.stream(
            self.schema,
            operation.document,
            operation.ask.variables or {},
            operation.ask.operation_name,
            lambda: self.context_for(viewer, None, sight),
        )
