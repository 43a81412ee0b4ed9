"""What an operation costs, before it runs: worked out once, but for what its variables say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from gateway.operation.price import Price, Prices
from gateway.operation.size import ONE, Size, Variables, size

UNKNOWN = Size(10.0)
"""Of a list about whose length the contract says nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """`fixed`, and of each part so often as its size says."""

    fixed: float
    parts: tuple[tuple[Size, "Cost"], ...] = ()

    def of(self, variables: Variables) -> float:
        cost = self.fixed
        for how_many, each in self.parts:
            cost += how_many.of(variables) * each.of(variables)
        return cost


@dataclass(slots=True)
class _Sum:
    """Adds up what is known already."""

    fixed: float = 0.0
    parts: list[tuple[Size, Cost]] = field(default_factory=list)

    def add(self, size: Size, each: Cost) -> None:
        if size is ONE:
            self.fixed += each.fixed
            self.parts.extend(each.parts)
        elif size.variables or each.parts:
            self.parts.append((size, each))
        else:
            self.fixed += size.known * each.fixed

    @property
    def cost(self) -> Cost:
        return Cost(self.fixed, tuple(self.parts))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Fields that are one in the answer."""

    price: Price
    nodes: list[FieldNode]


class Costs:
    """Costs of the operations of one valid document; fields that merge cost once."""

    def __init__(
        self,
        schema: GraphQLSchema,
        prices: Prices,
        fragments: Iterable[FragmentDefinitionNode],
    ) -> None:
        self._schema = schema
        self._prices = prices
        self._fragments = {fragment.name.value: fragment for fragment in fragments}

    def of(self, operation: OperationDefinitionNode) -> Cost:
        root = self._schema.get_root_type(operation.operation)
        return self._set(root, [operation.selection_set], {}) if root else Cost(0.0)

    def _set(
        self, on: GraphQLNamedType, merged: Iterable[SelectionSetNode], sizes: dict[str, Size]
    ) -> Cost:
        """`sizes`: how many there are in fields whose parent says so."""
        groups: dict[tuple[str, str], _Asked] = {}
        for kind, node in self._fields(on, merged):
            price = self._prices.get((kind.name, node.name.value))
            if price is not None:
                key = kind.name, (node.alias or node.name).value
                groups.setdefault(key, _Asked(price, [])).nodes.append(node)
        total = _Sum()
        for asked in groups.values():
            total.fixed += asked.price.weight
            total.add(*self._things(asked, sizes))
        return total.cost

    def _things(self, asked: _Asked, sizes: dict[str, Size]) -> tuple[Size, Cost]:
        """How many there will be, and what each of them costs."""
        price, node = asked.price, asked.nodes[0]
        how_many, inner = _sizes(price, node, sizes)
        belows = [one.selection_set for one in asked.nodes if one.selection_set]
        below = self._set(price.kind, belows, inner) if belows else Cost(0.0)
        return how_many, Cost(price.each + below.fixed, below.parts)

    def _fields(
        self, on: GraphQLNamedType, merged: Iterable[SelectionSetNode]
    ) -> Iterator[tuple[GraphQLNamedType, FieldNode]]:
        """Each field with the type that it is asked of."""
        for selection in [one for selected in merged for one in selected.selections]:
            if isinstance(selection, FieldNode):
                yield on, selection
                continue
            fragment: FragmentDefinitionNode | InlineFragmentNode
            if isinstance(selection, FragmentSpreadNode):
                fragment = self._fragments[selection.name.value]
            elif isinstance(selection, InlineFragmentNode):
                fragment = selection
            named = fragment.type_condition
            kind = self._schema.type_map[named.name.value] if named else on
            yield from self._fields(kind, [fragment.selection_set])


def _sizes(price: Price, node: FieldNode, sizes: dict[str, Size]) -> tuple[Size, dict[str, Size]]:
    """Of the field itself, and of those below it."""
    if price.size is not None:
        how_many = size(price.size, price.field, node)
        named = price.size.sized_fields or ()
        return (ONE, dict.fromkeys(named, how_many)) if named else (how_many, {})
    return (sizes.get(node.name.value, UNKNOWN) if price.is_list else ONE), {}
