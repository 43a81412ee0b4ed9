"""Which class an operation is about: the course that one of its roots names, by an id."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from services.contracts.ids import BadId, GlobalId, Kind, decode

ROOMS = (Kind.COURSE, Kind.LIVE_CLASS, Kind.ASSESSMENT)
"""What many ask about together; a course before what is in one."""
MOST = 8
"""So many ids are looked at."""


class Naming:
    """Where an operation's root fields take ids from: found once."""

    def __init__(self, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        given = [
            value
            for field in _roots(operation.selection_set, fragments, set())
            for argument in field.arguments or ()
            for value in _values(argument.value)
        ]
        self._literals = tuple(one.value for one in given if isinstance(one, StringValueNode))
        names = (one.name.value for one in given if isinstance(one, VariableNode))
        self._names = tuple(dict.fromkeys(names))

    def room(self, variables: Mapping[str, Any] | None, tenant: str) -> str | None:
        """The id of the class, of this tenant alone: another's would be a queue of one's own."""
        if not self._names and not self._literals:
            return None
        told = variables or {}
        texts = [*self._literals, *(one for name in self._names for one in _ids(told.get(name)))]
        found = [one for one in map(_decoded, texts[:MOST]) if one and one.tenant == tenant]
        return next((str(one) for kind in ROOMS for one in found if one.kind is kind), None)


def _roots(
    selected: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]
) -> Iterator[FieldNode]:
    """Each fragment once."""
    for one in selected.selections:
        if isinstance(one, FieldNode):
            yield one
        elif isinstance(one, InlineFragmentNode):
            yield from _roots(one.selection_set, fragments, seen)
        elif isinstance(one, FragmentSpreadNode) and one.name.value not in seen:
            seen.add(one.name.value)
            yield from _roots(fragments[one.name.value].selection_set, fragments, seen)


def _values(value: ValueNode) -> Iterable[ValueNode]:
    if isinstance(value, ObjectValueNode):
        return [one for field in value.fields for one in _values(field.value)]
    if isinstance(value, ListValueNode):
        return [one for each in value.values[:1] for one in _values(each)]
    return [value]


def _ids(value: Any) -> Iterator[str]:
    """Of a variable: itself, the first of a list, or what an input's fields name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from _ids(value[0] if value and isinstance(value[0], str) else None)
    elif isinstance(value, dict):
        yield from (one for name, one in value.items() if name.endswith("Id") and _is_id(one))


def _is_id(value: Any) -> bool:
    return isinstance(value, str)


def _decoded(text: str) -> GlobalId | None:
    try:
        return decode(text)
    except BadId:
        return None
