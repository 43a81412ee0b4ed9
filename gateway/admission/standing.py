"""What the door must know of an operation before it runs: worked out once, when it is planned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import OperationType

from gateway.admission.concurrency import Pace
from gateway.admission.naming import Naming
from gateway.admission.priority import Priority, lowered, priority_of
from gateway.usage.fields import Uses


@dataclass(frozen=True, eq=False)
class Standing:
    """`pace` is the operation's own."""

    kind: OperationType
    uses: Uses
    naming: Naming
    pace: Pace = field(default_factory=Pace)

    @classmethod
    def of(cls, uses: Uses) -> "Standing":
        return cls(uses.operation.operation, uses, Naming(uses.document, uses.operation))

    def priority(self, cost: float, *, is_known: bool) -> Priority:
        """`is_known`: somebody signed in asks."""
        return lowered(self._planned, self.kind, cost, is_known=is_known)

    def room(self, variables: Mapping[str, Any] | None, tenant: str) -> str | None:
        return self.naming.room(variables, tenant)

    @cached_property
    def _planned(self) -> Priority:
        return priority_of(self.kind, self.uses.coordinates)
