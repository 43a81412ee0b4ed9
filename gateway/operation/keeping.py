"""How long the whole answer of an operation may be kept, and who may share it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, OperationType

from gateway.operation.hints import NEVER, Hints
from gateway.operation.rulings import Ruling, Rulings
from schema.keeping import Hint, Scope


@dataclass(frozen=True, slots=True)
class Keeping:
    """Of all that is selected the shortest time and the narrowest scope.

    For `stale_s` more it may be told while a newer one is fetched.
    """

    max_age_s: int
    stale_s: int
    scope: Scope

    @classmethod
    def of(cls, hint: Hint) -> "Keeping":
        """Of what nothing was said nothing is kept."""
        if not hint.max_age_s:
            return cls(0, 0, hint.scope or Scope.PRIVATE)
        return cls(hint.max_age_s, hint.stale_s or 0, hint.scope or Scope.PRIVATE)

    @property
    def is_kept(self) -> bool:
        return self.max_age_s > 0

    @property
    def is_shared(self) -> bool:
        return self.is_kept and self.scope is not Scope.PRIVATE


NOT_KEPT = Keeping.of(NEVER)


@dataclass(frozen=True, eq=False)
class Kept:
    """Of one operation of a valid document; worked out when it is first asked for, in one pass."""

    schema: GraphQLSchema
    hints: Hints
    document: DocumentNode
    operation: OperationDefinitionNode

    @cached_property
    def keeping(self) -> Keeping:
        if self.operation.operation is not OperationType.QUERY:
            return NOT_KEPT
        try:
            return Keeping.of(self._judged.whole)
        except RecursionError:
            # Where limits only warn: what is nested too deeply to be judged.
            return NOT_KEPT

    @property
    def rulings(self) -> list[Ruling]:
        """All that is said of what is selected, each thing of the contract once."""
        return self._judged.all

    @property
    def roots(self) -> Mapping[str, Keeping]:
        """Of each root field with all that is below it, by its name in the answer."""
        return {key: Keeping.of(hint) for key, hint in self._judged.roots.items()}

    @cached_property
    def _judged(self) -> Rulings:
        return Rulings(self.schema, self.hints, self.document, self.operation)
