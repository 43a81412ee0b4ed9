"""Walks the contract: one selection of every field below a type, and what an answer touched."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

SPAN = '(from: "2026-01-01T00:00:00Z", to: "2026-04-01T00:00:00Z")'
ARGUMENTS = {"Viewer.agenda": SPAN}
"""What fields with required arguments are asked with; the roots are asked by hand."""


class NoCase(AssertionError):
    """A field has a required argument and nobody said what to give it."""


def selection(schema: GraphQLSchema, name: str, above: tuple[str, ...] = ()) -> str:
    """Every field of a type, and of all types below it that do not stand above it already."""
    kind = schema.type_map[name]
    if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
        members = schema.get_possible_types(kind)
        parts = [f"... on {m.name} {selection(schema, m.name, above)}" for m in members]
        return "{ __typename " + " ".join(parts) + " }"
    assert isinstance(kind, GraphQLObjectType)
    fields = [_field(schema, kind, key, (*above, name)) for key in kind.fields]
    return "{ __typename " + " ".join(part for part in fields if part) + " }"


def _field(
    schema: GraphQLSchema, kind: GraphQLObjectType, key: str, above: tuple[str, ...]
) -> str | None:
    field = kind.fields[key]
    below = get_named_type(field.type)
    asked = key + _arguments(f"{kind.name}.{key}", field)
    if is_leaf_type(below):
        return asked
    if below.name in above:
        return None
    return f"{asked} {selection(schema, below.name, above)}"


def _arguments(path: str, field: GraphQLField) -> str:
    needed = [name for name, arg in field.args.items() if is_required_argument(arg)]
    if needed and path not in ARGUMENTS:
        raise NoCase(f"{path} needs {', '.join(needed)}: add it to ARGUMENTS")
    return ARGUMENTS.get(path, "")


def touched(answer: Any) -> set[str]:
    """The fields, as Type.field, that an answer has a value for."""
    return set(_touched(answer))


def _touched(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _touched(one)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if inner not in (None, []):
                yield f"{value.get('__typename')}.{key}"
            yield from _touched(inner)


def strings(value: Any) -> Iterator[str]:
    """Every text in an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
