"""Everything that a contract names, each by its coordinate: `Course.roster(first:)`, `@defer`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_introspection_type,
    is_required_argument,
    is_required_input_field,
)


@dataclass(frozen=True, slots=True)
class Named:
    """`within` is the type or directive that has it, `kind` the name of the type that it is of."""

    at: str
    within: str
    kind: str = ""
    is_required: bool = False
    deprecated: str | None = None


Names: TypeAlias = Mapping[str, Named]


def names_of(schema: GraphQLSchema) -> Names:
    """By their coordinates."""
    types = [kind for kind in schema.type_map.values() if not is_introspection_type(kind)]
    found = [named for kind in types for named in _of_type(kind)]
    found += [named for directive in schema.directives for named in _of_directive(directive)]
    return {named.at: named for named in found}


def about(names: Names, kind: str) -> frozenset[str]:
    """A type, all that it has, and all that is of it."""
    return frozenset(one.at for one in names.values() if kind in (one.within, one.kind))


def _of_type(kind: GraphQLNamedType) -> Iterator[Named]:
    yield Named(kind.name, kind.name)
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        yield from _fields(kind)
    elif isinstance(kind, GraphQLInputObjectType):
        yield from _inputs(kind)
    elif isinstance(kind, GraphQLEnumType):
        for name, value in kind.values.items():
            yield Named(f"{kind.name}.{name}", kind.name, deprecated=value.deprecation_reason)


def _fields(kind: GraphQLObjectType | GraphQLInterfaceType) -> Iterator[Named]:
    for name, field in kind.fields.items():
        at, of = f"{kind.name}.{name}", get_named_type(field.type).name
        yield Named(at, kind.name, of, deprecated=field.deprecation_reason)
        yield from _arguments(at, kind.name, field.args)


def _inputs(kind: GraphQLInputObjectType) -> Iterator[Named]:
    for name, field in kind.fields.items():
        at, of = f"{kind.name}.{name}", get_named_type(field.type).name
        is_required = is_required_input_field(field)
        yield Named(at, kind.name, of, is_required, field.deprecation_reason)


def _of_directive(directive: GraphQLDirective) -> Iterator[Named]:
    at = f"@{directive.name}"
    yield Named(at, at)
    yield from _arguments(at, at, directive.args)


def _arguments(on: str, within: str, arguments: Mapping[str, GraphQLArgument]) -> Iterator[Named]:
    for name, argument in arguments.items():
        of, is_required = get_named_type(argument.type).name, is_required_argument(argument)
        yield Named(f"{on}({name}:)", within, of, is_required, argument.deprecation_reason)
