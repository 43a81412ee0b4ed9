"""Measures a document in one pass: each fragment once, however often it is spread."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from gateway.operation.refusal import Code, refused

INTROSPECTION = frozenset({"__schema", "__type"})


class Extent(NamedTuple):
    """Of a selection set, with what is spread in it counted as often as it is spread.

    `selections` are fields, spreads and inline fragments; `width` counts the fields at its top.
    """

    depth: int = 0
    selections: int = 0
    aliases: int = 0
    width: int = 0


NOTHING = Extent()


@dataclass(frozen=True, slots=True)
class Measure:
    """Of a document: `extents` has one for each operation."""

    extents: tuple[Extent, ...]
    directives: int
    introspects: bool

    @property
    def operations(self) -> int:
        return len(self.extents)

    @property
    def depth(self) -> int:
        return max(extent.depth for extent in self.extents)

    @property
    def root_fields(self) -> int:
        return max(extent.width for extent in self.extents)

    @property
    def selections(self) -> int:
        return sum(extent.selections for extent in self.extents)

    @property
    def aliases(self) -> int:
        return sum(extent.aliases for extent in self.extents)


def measure(document: DocumentNode) -> Measure:
    """Raises BadDocument: a fragment is unknown, unused, defined twice or spread within itself."""
    return _Measuring(document).measure()


class _Measuring:
    def __init__(self, document: DocumentNode) -> None:
        self._definitions = document.definitions
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._measured: dict[str, Extent | None] = {}
        self._directives = 0
        self._introspects = False

    def measure(self) -> Measure:
        extents = tuple(
            self._operation(definition)
            for definition in self._definitions
            if isinstance(definition, OperationDefinitionNode)
        )
        if not extents:
            raise refused(Code.VALIDATION, "There is no operation in this document.")
        # What is never measured is validated all the same: it would be a way past the limits.
        if len(extents) + len(self._measured) < len(self._definitions):
            raise refused(Code.UNUSED_FRAGMENT, "A definition is not spread by any operation.")
        return Measure(extents, self._directives, self._introspects)

    def _operation(self, operation: OperationDefinitionNode) -> Extent:
        self._count(operation.directives)
        for variable in operation.variable_definitions or ():
            self._count(variable.directives)
        return self._set(operation.selection_set)

    def _set(self, selected: SelectionSetNode) -> Extent:
        depth = selections = aliases = width = 0
        for selection in selected.selections:
            extent = self._selection(selection)
            depth = max(depth, extent.depth)
            selections += extent.selections
            aliases += extent.aliases
            width += extent.width
        return Extent(depth, selections, aliases, width)

    def _selection(self, selection: SelectionNode) -> Extent:
        self._count(selection.directives)
        if isinstance(selection, FieldNode):
            return self._field(selection)
        if isinstance(selection, FragmentSpreadNode):
            extent = self._fragment(selection.name.value)
        elif isinstance(selection, InlineFragmentNode):
            extent = self._set(selection.selection_set)
        return extent._replace(selections=extent.selections + 1)

    def _field(self, field: FieldNode) -> Extent:
        below = self._set(field.selection_set) if field.selection_set else NOTHING
        is_introspection = field.name.value in INTROSPECTION
        self._introspects |= is_introspection
        # How deep the contract may be asked about itself is bounded by a rule of its own.
        depth = 1 if is_introspection else below.depth + 1
        aliases = below.aliases + (field.alias is not None)
        return Extent(depth, below.selections + 1, aliases, 1)

    def _fragment(self, name: str) -> Extent:
        if name in self._measured:
            return self._done(name)
        if name not in self._fragments:
            raise refused(Code.UNKNOWN_FRAGMENT, "A fragment is spread that is not defined.")
        self._measured[name] = None
        fragment = self._fragments[name]
        self._count(fragment.directives)
        extent = self._measured[name] = self._set(fragment.selection_set)
        return extent

    def _done(self, name: str) -> Extent:
        extent = self._measured[name]
        if extent is None:
            raise refused(Code.FRAGMENT_CYCLE, "A fragment is spread within itself.")
        return extent

    def _count(self, directives: Iterable[DirectiveNode] | None) -> None:
        self._directives += len(tuple(directives or ()))
