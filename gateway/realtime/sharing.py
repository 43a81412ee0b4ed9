"""Whether all who may see a thing are told the same of it."""

from gateway.execution.operation import Operation
from schema.answering import SubscribedField
from schema.guarding import judged


class Sharing:
    """What is asked of a source besides is its viewer's own: then they are told for themselves."""

    def __init__(self) -> None:
        self._asking: frozenset[str] | None = None

    def is_told_alike(self, field: SubscribedField, operation: Operation) -> bool:
        if not field.followed.is_shared:
            return False
        uses = operation.planned.uses
        if self._asking is None:
            self._asking = frozenset(at for at, _ in judged(uses.schema))
        return self._asking.isdisjoint(uses.coordinates - field.alike)
