"""Counts how often validation must compare two fields that will be one in the answer."""

from collections.abc import Iterable, Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

SPREAD = "..."


def repeats(document: DocumentNode) -> int:
    """Takes as long as the document has selections, spreads counted as often as they are spread."""
    fragments = {
        one.name.value: one.selection_set
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    return sum(
        _in([one.selection_set], fragments)
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
    )


def _in(merged: Iterable[SelectionSetNode], fragments: dict[str, SelectionSetNode]) -> int:
    """Pairs within each group of one name, and within what each group has below it."""
    groups: dict[str, list[SelectionSetNode | None]] = {}
    for name, below in _fields(list(merged), fragments):
        groups.setdefault(name, []).append(below)
    pairs = sum(len(group) * (len(group) - 1) // 2 for group in groups.values())
    belows = ([below for below in group if below] for group in groups.values())
    return pairs + sum(_in(below, fragments) for below in belows if below)


def _fields(
    waiting: list[SelectionSetNode], fragments: dict[str, SelectionSetNode]
) -> Iterator[tuple[str, SelectionSetNode | None]]:
    """Each field's name in the answer and what is below it; spreads by a name of their own."""
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FieldNode):
                yield (selection.alias or selection.name).value, selection.selection_set
            elif isinstance(selection, FragmentSpreadNode):
                yield SPREAD, None
                waiting.append(fragments[selection.name.value])
            else:
                waiting.append(selection.selection_set)  # type: ignore[attr-defined]
