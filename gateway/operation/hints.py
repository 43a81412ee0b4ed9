"""What the contract says of keeping each field: read off it once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from schema.keeping import SILENT, Hint, Scope, hint_of

NEVER = Hint(0, Scope.PRIVATE, 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """For a field of one type; `by_each`: it depends on what type a thing is found to be."""

    hint: Hint
    why: str
    kind: GraphQLNamedType
    by_each: bool = False


Hints: TypeAlias = Mapping[tuple[str, str], Rule]
"""By the names of an object type and of its field."""


def hints(schema: GraphQLSchema) -> Hints:
    return {
        (kind.name, name): _rule(schema, kind, name)
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name in kind.fields
    }


def rule_of_each(kind: GraphQLNamedType) -> Rule:
    """For a thing that turned out to be of this type."""
    said = hint_of(kind)
    why = NOTHING_SAID if said.is_silent else _by_type(kind)
    return Rule(_filled(said, is_leaf=False), why, kind)


NOTHING_SAID = "nothing is said of it"
BY_FIELD = "its field says so"


def _rule(schema: GraphQLSchema, parent: GraphQLObjectType, name: str) -> Rule:
    field = parent.fields[name]
    kind = get_named_type(field.type)
    own, of_type = hint_of(field), hint_of(kind)
    said = own.over(of_type)
    is_open = said.max_age_s is None and not of_type.inherits
    if is_abstract_type(kind) and is_open:
        return Rule(_filled(own, is_leaf=True), BY_FIELD, kind, by_each=True)
    is_root = parent in (schema.query_type, schema.mutation_type, schema.subscription_type)
    hint = _filled(said, is_leaf=is_leaf_type(kind) and not is_root)
    return Rule(hint, _why(own, of_type, kind), kind)


def _why(own: Hint, of_type: Hint, kind: GraphQLNamedType) -> str:
    if own.is_silent:
        return NOTHING_SAID if of_type.is_silent else _by_type(kind)
    return BY_FIELD


def _by_type(kind: GraphQLNamedType) -> str:
    return f"its type {kind.name} says so"


def _filled(said: Hint, *, is_leaf: bool) -> Hint:
    """A leaf of which nothing is said is kept as its parent is; a thing is not kept at all."""
    if said.max_age_s is not None:
        return Hint(said.max_age_s, said.scope, said.stale_s or 0)
    if said.inherits or is_leaf:
        return SILENT if said.scope is None else Hint(scope=said.scope)
    return Hint(0, said.scope or Scope.PRIVATE, 0)
