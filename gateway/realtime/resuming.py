"""Which variables of a subscription say nothing but from where it resumes."""

from graphql import (
    FieldNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    visit,
)

AFTER = "after"
"""So the argument is called that says where a client stands, in the whole contract."""
SPREAD = "..."


def resumes_by(operation: OperationDefinitionNode) -> frozenset[str]:
    """Those that nothing below the root asks for as well."""
    roots = [one for one in operation.selection_set.selections if isinstance(one, FieldNode)]
    said = [one for root in roots for one in root.arguments or () if one.name.value == AFTER]
    named = {one.value.name.value for one in said if isinstance(one.value, VariableNode)}
    if not named or len(roots) < len(operation.selection_set.selections):
        return frozenset()
    below = [root.selection_set for root in roots if root.selection_set]
    asked: set[str] = set().union(*map(_variables_of, below))
    return frozenset() if SPREAD in asked else frozenset(named - asked)


def _variables_of(selection: SelectionSetNode) -> set[str]:
    found = _Found()
    visit(selection, found)
    return found.names


class _Found(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.names.add(node.name.value)

    def enter_fragment_spread(self, node: Node, *_: object) -> None:
        """What a fragment asks for is not looked for: then nothing is known to be left out."""
        self.names.add(SPREAD)
