"""One operation as somebody asks it."""

from dataclasses import dataclass

from graphql import DocumentNode, OperationType
from graphql.execution.values import VariableValues

from gateway.operation.ask import Ask
from gateway.operation.plan import Planned
from gateway.usage.client import UNNAMED, Client


@dataclass(frozen=True, slots=True)
class Operation:
    """Read and validated, its variables coerced."""

    document: DocumentNode
    planned: Planned
    ask: Ask
    variables: VariableValues
    client: Client = UNNAMED
    cost: float = 0.0

    @property
    def kind(self) -> OperationType:
        return self.planned.kind
