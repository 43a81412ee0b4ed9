"""Notes each coordinate that a document names while graphql-core goes through it."""

from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    InlineFragmentNode,
    ObjectFieldNode,
    TypeInfo,
    Visitor,
    get_named_type,
    is_specified_scalar_type,
)

OWN = "__"
"""Of GraphQL itself, which no change of the contract touches."""


class Noting(Visitor):
    """`types` says at each node of which type it is; `spread` are fragments, in order."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self._asked = ""
        self.found: set[str] = set()
        self.spread: list[str] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if place := self._place(node):
            self.found.add(place)

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        directive = self._types.get_directive()
        on = f"@{directive.name}" if directive else self._asked
        if on:
            self.found.add(f"{on}({node.name.value}:)")

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self.found.add(f"@{node.name.value}")

    def enter_object_value(self, *_: Any) -> None:
        self._note_input("")

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        kind = get_named_type(self._types.get_parent_input_type())
        if kind is not None:
            self.found.add(f"{kind.name}.{node.name.value}")

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> None:
        self._note_input(f".{node.value}")

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> None:
        if node.type_condition:
            self.found.add(node.type_condition.name.value)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> None:
        self.found.add(node.type_condition.name.value)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        if node.name.value not in self.spread:
            self.spread.append(node.name.value)

    def enter_variable_definition(self, *_: Any) -> None:
        self._note_input("")

    def _note_input(self, part: str) -> None:
        """Of the type that is wanted here; a scalar of GraphQL's own is no part of the contract."""
        kind = get_named_type(self._types.get_input_type())
        if kind is not None and not is_specified_scalar_type(kind):
            self.found.add(f"{kind.name}{part}")

    def _place(self, node: FieldNode) -> str:
        """Empty for what is no field of the contract."""
        name, parent = node.name.value, self._types.get_parent_type()
        self._asked = "" if parent is None or _is_own(parent, name) else f"{parent.name}.{name}"
        return self._asked


def _is_own(parent: GraphQLNamedType, name: str) -> bool:
    return name.startswith(OWN) or parent.name.startswith(OWN)
