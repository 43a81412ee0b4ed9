"""One operation as somebody asks it."""

import msgspec
from graphql import DocumentNode, OperationType
from graphql.execution.values import VariableValues

from gateway.operation.ask import Ask
from gateway.operation.plan import Planned
from gateway.usage.client import UNNAMED, Client


class Operation(msgspec.Struct, frozen=True):
    """Read and validated, its variables coerced."""

    document: DocumentNode
    planned: Planned
    ask: Ask
    variables: VariableValues
    client: Client = UNNAMED
    cost: float = 0.0
    document_hash: str = ""

    @property
    def kind(self) -> OperationType:
        return self.planned.kind
