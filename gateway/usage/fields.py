"""What an operation uses of the contract, as schema coordinates: `Course.title` and the like.

Beside fields, their arguments (`Course.roster(first:)`), fields of inputs, values of enums and
directives (`@defer`), a type where it is named: as a fragment's or a variable's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from sys import intern
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    get_named_type,
    type_from_ast,
    visit,
)

from gateway.usage.noting import Noting

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Uses:
    """Of one operation of a valid document; worked out when it is first run, in one pass."""

    schema: GraphQLSchema
    document: DocumentNode
    operation: OperationDefinitionNode

    @cached_property
    def coordinates(self) -> frozenset[str]:
        """All that its text names."""
        types = TypeInfo(self.schema)
        noting = Noting(types)
        visitor = TypeInfoVisitor(types, noting)
        visit(self.operation, visitor)
        # Each fragment once, however often it is spread.
        for name in noting.spread:
            visit(self._fragments[name], visitor)
        return frozenset(map(intern, noting.found))

    def given(self, variables: Mapping[str, Any] | None) -> frozenset[str]:
        """What values of variables name beside it: fields of inputs, values of enums."""
        if not variables or not self._inputs:
            return NOTHING
        found: set[str] = set()
        for name, kind in self._inputs:
            _note(variables.get(name), kind, found)
        return frozenset(found - self.coordinates)

    @cached_property
    def _fragments(self) -> dict[str, FragmentDefinitionNode]:
        return {
            one.name.value: one
            for one in self.document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }

    @cached_property
    def _inputs(self) -> tuple[tuple[str, GraphQLNamedType], ...]:
        """The variables whose values name something."""
        return tuple(_inputs(self.schema, self.operation.variable_definitions or ()))


def _inputs(
    schema: GraphQLSchema, variables: Iterable[VariableDefinitionNode]
) -> Iterable[tuple[str, GraphQLNamedType]]:
    for variable in variables:
        kind = get_named_type(type_from_ast(schema, variable.type))
        if isinstance(kind, GraphQLInputObjectType | GraphQLEnumType):
            yield variable.variable.name.value, kind


def _note(value: Any, kind: GraphQLNamedType, found: set[str]) -> None:
    if isinstance(value, list):
        for one in value:
            _note(one, kind, found)
    elif isinstance(kind, GraphQLEnumType) and isinstance(value, str):
        found.add(f"{kind.name}.{value}")
    elif isinstance(kind, GraphQLInputObjectType) and isinstance(value, dict):
        found.add(kind.name)
        for name, below in value.items():
            if name in kind.fields:
                found.add(f"{kind.name}.{name}")
                _note(below, get_named_type(kind.fields[name].type), found)
