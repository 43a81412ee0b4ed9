"""What each field of the contract costs: read off it once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from schema.directives import ListSize, size_of, weight_of


@dataclass(frozen=True, slots=True)
class Price:
    """`weight` is for asking, `each` for a thing that is given; `size` says how many there are."""

    field: GraphQLField
    kind: GraphQLNamedType
    weight: float
    each: float
    size: ListSize | None
    is_list: bool

    @classmethod
    def of(cls, field: GraphQLField) -> "Price":
        kind = get_named_type(field.type)
        is_list = is_list_type(get_nullable_type(field.type))
        each = float(not is_leaf_type(kind))
        return cls(field, kind, weight_of(field), each, size_of(field), is_list)

    @property
    def is_free(self) -> bool:
        return not (self.weight or self.each)


Prices: TypeAlias = Mapping[tuple[str, str], Price]
"""By the names of a type and of its field; those that are free have none."""


def prices(schema: GraphQLSchema) -> Prices:
    all_prices = {
        (kind.name, name): Price.of(field)
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        and not kind.name.startswith("__")
        for name, field in kind.fields.items()
    }
    return {name: price for name, price in all_prices.items() if not price.is_free}
