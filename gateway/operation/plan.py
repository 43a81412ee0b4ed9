"""One document that may be run, with what each of its operations costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)

from gateway.admission.standing import Standing
from gateway.execution.compiled.programs import Programs
from gateway.operation.cost import Cost, Costs
from gateway.operation.hints import Hints
from gateway.operation.keeping import Keeping, Kept
from gateway.operation.price import Prices
from gateway.operation.refusal import Code, refused
from gateway.operation.variables import Variables
from gateway.usage.fields import Uses


@dataclass(frozen=True, slots=True)
class Planned:
    """One operation; `cost` is None where it was too large to be worked out."""

    node: OperationDefinitionNode
    cost: Cost | None
    variables: Variables
    programs: Programs
    uses: Uses
    kept: Kept
    standing: Standing

    @property
    def kind(self) -> OperationType:
        return self.node.operation

    @property
    def keeping(self) -> Keeping:
        return self.kept.keeping


@dataclass(frozen=True, slots=True)
class Document:
    node: DocumentNode
    hash: str
    operations: Mapping[str | None, Planned]

    @property
    def tokens(self) -> int:
        return self.node.token_count

    def operation(self, name: str | None) -> Planned:
        """The one to run; raises BadDocument where that is not clear."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        operation = self.operations.get(name) if name is not None else None
        if operation is None:
            raise refused(Code.VALIDATION, "Name one operation of the document.")
        return operation


def planned(
    schema: GraphQLSchema,
    prices: Prices,
    hints: Hints,
    node: DocumentNode,
    *,
    is_bounded: bool,
    compiles_after: int = 0,
) -> dict[str | None, Planned]:
    """Of a valid document; working out the costs of one without bounds might never end."""
    fragments = [one for one in node.definitions if isinstance(one, FragmentDefinitionNode)]
    costs = Costs(schema, prices, fragments)

    def plan(one: OperationDefinitionNode) -> Planned:
        uses = Uses(schema, node, one)
        return Planned(
            one,
            costs.of(one) if is_bounded else None,
            Variables(schema, one),
            Programs(schema, node, one, compiles_after),
            uses,
            Kept(schema, hints, node, one),
            Standing.of(uses),
        )

    return {
        one.name.value if one.name else None: plan(one)
        for one in node.definitions
        if isinstance(one, OperationDefinitionNode)
    }
