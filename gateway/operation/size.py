"""How many things a field gives, as far as one knows before it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLField,
    ListValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    value_from_ast_untyped,
)

from schema.directives import ListSize

Variables: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """The greatest of what is known and of what the variables say, each with its default."""

    known: float
    variables: tuple[tuple[str, float], ...] = ()

    def of(self, variables: Variables) -> float:
        if not self.variables:
            return self.known
        said = [_count(variables.get(name), default) for name, default in self.variables]
        return max(self.known, *said)


ONE = Size(1.0)


def size(said: ListSize, field: GraphQLField, node: FieldNode) -> Size:
    """Where an argument is left out its default counts, else what is assumed."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    sizes = [_size(name, field, given) for name in said.slicing_arguments or ()]
    assumed = [Size(float(said.assumed_size))] if not sizes and said.assumed_size else []
    all_sizes = [*sizes, *assumed]
    return Size(
        max((one.known for one in all_sizes), default=1.0),
        tuple(variable for one in all_sizes for variable in one.variables),
    )


def _size(name: str, field: GraphQLField, given: Mapping[str, ValueNode]) -> Size:
    default = _count(field.args[name].default_value, 0.0)
    value = given.get(name)
    if isinstance(value, VariableNode):
        return Size(0.0, ((value.name.value, default),))
    if isinstance(value, ListValueNode):
        return Size(float(len(value.values)))
    return Size(default if value is None else _count(value_from_ast_untyped(value), default))


def _count(value: Any, default: float) -> float:
    """Of a list its items; null and what is left out is as the default has it."""
    if value is None or value is Undefined:
        return default
    if isinstance(value, list | tuple):
        return float(len(value))
    # Whatever else stands where a list may is a list of one.
    return max(0.0, float(value)) if isinstance(value, int) else 1.0
