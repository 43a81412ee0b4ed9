"""Goes through an operation once and notes what the contract says of keeping each part."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    is_abstract_type,
)

from gateway.operation.hints import NEVER, Hints, Rule, rule_of_each
from schema.keeping import SILENT, Hint, Scope

TYPENAME = "__typename"
DEFER = "defer"
DEFERRED = "what is deferred comes in parts"
OF_THE_LANGUAGE = "the contract itself is asked about"

Things: TypeAlias = tuple[GraphQLObjectType, ...]
"""The types that a thing in one place may be of."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is said `at` a coordinate of the contract; `path` is where it is selected first."""

    path: tuple[str, ...]
    at: str
    hint: Hint
    why: str


class Rulings:
    """`whole` is of everything, `roots` of each root field; `all` has each coordinate once.

    A selection set is gone through once for each set of types that it may be asked of, however
    often it is spread.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        hints: Hints,
        document: DocumentNode,
        operation: OperationDefinitionNode,
    ) -> None:
        self._schema = schema
        self._hints = hints
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self._done: dict[tuple[int, Things, bool], Hint] = {}
        self._path: list[str] = []
        self._found: dict[str, Ruling] = {}
        self.roots: dict[str, Hint] = {}
        root = schema.get_root_type(operation.operation)
        self.whole = self._set(operation.selection_set, (root,) if root else (), by_each=False)

    @property
    def all(self) -> list[Ruling]:
        return list(self._found.values())

    def _set(self, selected: SelectionSetNode, things: Things, *, by_each: bool) -> Hint:
        """`by_each`: nothing was said yet of these things, of whichever type they are."""
        key = (id(selected), things, by_each)
        done = self._done.get(key)
        if done is None:
            done = SILENT
            for one in selected.selections:
                done = done.and_(self._selection(one, things, by_each))
            self._done[key] = done
        return done

    def _selection(self, node: SelectionNode, things: Things, by_each: bool) -> Hint:
        if isinstance(node, FieldNode):
            return self._field(node, things, by_each)
        fragment: FragmentDefinitionNode | InlineFragmentNode
        if isinstance(node, FragmentSpreadNode):
            fragment = self._fragments[node.name.value]
        elif isinstance(node, InlineFragmentNode):
            fragment = node
        named = fragment.type_condition
        within = self._within(named.name.value, things) if named else things
        found = self._set(fragment.selection_set, within, by_each=by_each)
        is_deferred = any(one.name.value == DEFER for one in node.directives or ())
        return found.and_(self._note(f"@{DEFER}", NEVER, DEFERRED)) if is_deferred else found

    def _field(self, node: FieldNode, things: Things, by_each: bool) -> Hint:
        name = node.name.value
        if name == TYPENAME:
            return SILENT
        said = self._each(things) if by_each else SILENT
        is_root = not self._path
        self._path.append((node.alias or node.name).value)
        if name.startswith("__"):
            said = said.and_(self._note(name, NEVER, OF_THE_LANGUAGE))
        for at, rule in self._rules(name, things):
            said = said.and_(self._note(at, rule.hint, rule.why)).and_(self._below(node, rule))
        key = self._path.pop()
        if is_root:
            self.roots[key] = self.roots.get(key, SILENT).and_(said)
        return said

    def _rules(self, name: str, things: Things) -> Iterator[tuple[str, Rule]]:
        for thing in things:
            rule = self._hints.get((thing.name, name))
            if rule is not None:
                yield f"{thing.name}.{name}", rule

    def _below(self, node: FieldNode, rule: Rule) -> Hint:
        if node.selection_set is None:
            return SILENT
        return self._set(node.selection_set, self._types_of(rule.kind), by_each=rule.by_each)

    def _each(self, things: Things) -> Hint:
        said = SILENT
        for thing in things:
            rule = rule_of_each(thing)
            said = said.and_(self._note(thing.name, rule.hint, rule.why))
        return said

    def _within(self, name: str, things: Things) -> Things:
        wanted = self._types_of(self._schema.type_map[name])
        return tuple(thing for thing in things if thing in wanted)

    def _types_of(self, kind: GraphQLNamedType) -> Things:
        if is_abstract_type(kind):
            return tuple(self._schema.get_possible_types(kind))
        return (kind,) if isinstance(kind, GraphQLObjectType) else ()

    def _note(self, at: str, hint: Hint, why: str) -> Hint:
        if not hint.is_silent and at not in self._found:
            self._found[at] = Ruling(tuple(self._path), at, hint, why)
        return hint


def decides_age(ruling: Ruling, max_age_s: int) -> bool:
    return ruling.hint.max_age_s == max_age_s


def decides_scope(ruling: Ruling, scope: Scope) -> bool:
    return ruling.hint.scope is scope
