"""One operation as somebody asks it."""

from dataclasses import dataclass

from graphql import DocumentNode, OperationType
from graphql.execution.values import VariableValues

from gateway.execution.compiled.programs import Programs
from gateway.operation.ask import Ask


@dataclass(frozen=True, slots=True)
class Operation:
    """Read and validated; `kind` is query, mutation or subscription."""

    document: DocumentNode
    kind: OperationType
    ask: Ask
    variables: VariableValues
    programs: Programs
    cost: float = 0.0
