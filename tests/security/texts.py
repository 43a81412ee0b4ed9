"""Every place of the contract that takes a text from a client, by walking the schema."""

import json
from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
)

from schema.contract import core_schema

WORDS = {"SUBMIT"}
"""What enums say, in what is sent here."""
NO_TEXTS = {"Int", "Float", "Boolean"}
Path = tuple[str, ...]
"""Type, field, argument; then the fields of inputs."""


def places() -> Iterator[Path]:
    for kind in core_schema().type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                for argument, given in field.args.items():
                    yield from _below((kind.name, name, argument), given.type)


def _below(path: Path, type_: Any) -> Iterator[Path]:
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        for name, field in named.fields.items():
            yield from _below((*path, name), field.type)
    elif isinstance(named, GraphQLScalarType) and named.name not in NO_TEXTS:
        yield path


def literal(value: Any) -> str:
    """As GraphQL writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return value if value in WORDS else json.dumps(value)
