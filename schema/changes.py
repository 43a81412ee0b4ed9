"""What changes between two contracts, and what one must use to be touched by it."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from graphql import GraphQLSchema
from graphql.utilities import (
    BreakingChange,
    BreakingChangeType,
    DangerousChange,
    DangerousChangeType,
    find_breaking_changes,
    find_dangerous_changes,
)

from schema.coordinates import Names, about, names_of

Told: TypeAlias = BreakingChange | DangerousChange
B, D = BreakingChangeType, DangerousChangeType

# graphql-core tells what changed in words alone: the first group is the coordinate.
ITSELF = re.compile(r"((?:@\w+|\w+\.\w+)(?:\(\w+:\))?)")
ITS_HOLDER = re.compile(r"(@\w+|\w+\.\w+)\(\w+:\)|\b(\w+)\.\w+")
FIRST_TYPE = re.compile(r"^(?:Standard scalar )?(\w+) ")
LAST_TYPE = re.compile(r"(?:interface|union type) (\w+)\.$")
PARTS = {
    B.FIELD_REMOVED: ITSELF,
    B.FIELD_CHANGED_KIND: ITSELF,
    B.ARG_REMOVED: ITSELF,
    B.ARG_CHANGED_KIND: ITSELF,
    B.VALUE_REMOVED_FROM_ENUM: ITSELF,
    B.TYPE_REMOVED_FROM_UNION: FIRST_TYPE,
    B.DIRECTIVE_REMOVED: ITSELF,
    B.DIRECTIVE_ARG_REMOVED: ITSELF,
    B.DIRECTIVE_REPEATABLE_REMOVED: ITSELF,
    B.DIRECTIVE_LOCATION_REMOVED: ITSELF,
    B.REQUIRED_ARG_ADDED: ITS_HOLDER,
    B.REQUIRED_DIRECTIVE_ARG_ADDED: ITS_HOLDER,
    B.REQUIRED_INPUT_FIELD_ADDED: ITS_HOLDER,
    D.OPTIONAL_ARG_ADDED: ITS_HOLDER,
    D.OPTIONAL_INPUT_FIELD_ADDED: ITS_HOLDER,
    D.ARG_DEFAULT_VALUE_CHANGE: ITS_HOLDER,
    D.INPUT_FIELD_DEFAULT_VALUE_CHANGE: ITS_HOLDER,
}
"""Touched is who uses this one thing."""
TYPES = {
    B.TYPE_REMOVED: FIRST_TYPE,
    B.TYPE_CHANGED_KIND: FIRST_TYPE,
    B.IMPLEMENTED_INTERFACE_REMOVED: LAST_TYPE,
    D.IMPLEMENTED_INTERFACE_ADDED: FIRST_TYPE,
    D.TYPE_ADDED_TO_UNION: LAST_TYPE,
    D.VALUE_ADDED_TO_ENUM: re.compile(r"(\w+)\.\w+"),
}
"""Touched is who uses anything that has to do with the type."""


@dataclass(frozen=True, slots=True)
class Change:
    """`touches` whoever uses one of these; None: everybody, as far as we know."""

    text: str
    is_breaking: bool
    touches: frozenset[str] | None


def changes(old: GraphQLSchema, new: GraphQLSchema) -> list[Change]:
    """The breaking ones first, then those that may surprise a client."""
    told: list[Told] = [*find_breaking_changes(old, new), *find_dangerous_changes(old, new)]
    before, after = names_of(old), names_of(new)
    return [
        Change(one.description, isinstance(one, BreakingChange), _touched(one, before, after))
        for one in told
    ]


def _touched(told: Told, before: Names, after: Names) -> frozenset[str] | None:
    if pattern := TYPES.get(told.type):
        found = pattern.search(told.description)
        return about(before, found[1]) if found else None
    pattern = PARTS.get(told.type)
    found = pattern.search(told.description) if pattern else None
    if found is None:
        return None
    at = next(filter(None, found.groups()))
    return frozenset({_holder(at) if _became_required(at, before, after) else at})


def _became_required(at: str, before: Names, after: Names) -> bool:
    """Then those are touched who do not give it."""
    old, new = before.get(at), after.get(at)
    return bool(old and new and new.is_required and not old.is_required)


def _holder(at: str) -> str:
    return at.partition("(")[0] if at.endswith(")") else at.partition(".")[0]
