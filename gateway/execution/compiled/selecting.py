"""Works out what is asked of things: by which fields, of which forms, and of whom."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    default_type_resolver,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from gateway.execution.compiled.arguments import arguments_of
from gateway.execution.compiled.plan import (
    Asked,
    Attribute,
    Leaf,
    ListOf,
    NotCompiled,
    OneOf,
    Place,
    Selection,
    Shape,
    Site,
    Thing,
    Told,
    Typename,
)
from schema.answering import BatchField, FoundField, PlainField
from schema.binding import METADATA
from schema.directives import DEFINITION

MOST_FIELDS = 3_000
"""Of a plan: an interface multiplies what is asked of it by the types that it may be."""
TYPENAME = "__typename"
Nullable = tuple[bool, ...]
"""Of each step of a path, whether null may stand there."""


class Selecting:
    """One operation's: `sites` and `selections` grow while its plan is made. Raises NotCompiled."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._variables = variables
        self.fragments = {
            one.name.value: FragmentDetails(one)
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self.sites: list[Site] = []
        self._asked_beside: defaultdict[BatchField, list[list[Site]]] = defaultdict(list)
        self.selections: list[Selection] = []
        self._count = 0

    def _selection(
        self,
        type_: GraphQLObjectType,
        of: list[FieldDetails],
        path: Nullable,
        inner: list[Site],
    ) -> Selection:
        collected = collect_subfields(
            self._schema, self.fragments, self._variables, self._operation, type_, of
        )
        fields = tuple(
            self.asked(type_, key, details, path, inner)
            for key, details in collected.grouped_field_set.items()
        )
        selection = Selection(len(self.selections), type_, fields)
        self.selections.append(selection)
        return selection

    def asked(
        self,
        parent: GraphQLObjectType,
        key: str,
        of: list[FieldDetails],
        path: Nullable,
        inner: list[Site],
    ) -> Asked:
        self._count += 1
        if self._count > MOST_FIELDS:
            raise NotCompiled(f"more than {MOST_FIELDS} fields")
        place = self.place(parent, key, of)
        if place.name == TYPENAME:
            return Typename(place)
        definition = self.definition(parent, of)
        ours = (definition.extensions or {}).get(DEFINITION)
        if ours is None:
            raise NotCompiled(f"{parent.name}.{place.name} is none of ours")
        own = (*path, not is_non_null_type(definition.type))
        match ours.metadata.get(METADATA):
            case BatchField() as field:
                return self._site(place, definition, of, field, own, inner)
            case FoundField(way):
                return self._site(place, definition, of, way, own, inner, is_found_by_id=True)
            case PlainField(fn):
                shape = self.shape(definition.type, of, place, own, inner)
                return Told(place, fn, shape)
            case None if ours.is_basic_field and not definition.args:
                shape = self.shape(definition.type, of, place, own, inner)
                return Attribute(place, ours.python_name, shape)
            case _:
                raise NotCompiled(f"{parent.name}.{place.name} is answered in its own way")

    def _site(
        self,
        place: Place,
        definition: GraphQLField,
        of: list[FieldDetails],
        field: BatchField,
        path: Nullable,
        siblings: list[Site],
        *,
        is_found_by_id: bool = False,
    ) -> Site:
        inner: list[Site] = []
        shape = self.shape(definition.type, of, place, path, inner)
        arguments = arguments_of(definition, of[0].node, self._schema)
        site = Site(
            len(self.sites), place, field, arguments, is_found_by_id, shape, strip_of(path), inner
        )
        self.sites.append(site)
        siblings.append(site)
        self._asked_beside[field].append(siblings)
        return site

    def shape(
        self,
        type_: Any,
        of: list[FieldDetails],
        place: Place,
        path: Nullable,
        inner: list[Site],
    ) -> Shape:
        """`path` ends with the value's own step."""
        required = is_non_null_type(type_)
        bare = type_.of_type if required else type_
        if is_list_type(bare):
            item = bare.of_type
            steps = (*path, not is_non_null_type(item))
            return ListOf(self.shape(item, of, place, steps, inner), required)
        if is_leaf_type(bare):
            return Leaf(bare, required)
        if is_abstract_type(bare):
            return self._one_of(bare, of, place, path, inner, required=required)
        return Thing(self._selection(bare, of, path, inner), required)

    def _one_of(
        self,
        type_: GraphQLAbstractType,
        of: list[FieldDetails],
        place: Place,
        path: Nullable,
        inner: list[Site],
        *,
        required: bool,
    ) -> OneOf:
        selections = {
            one.name: self._selection(one, of, path, inner)
            for one in self._schema.get_possible_types(type_)
        }
        resolve = type_.resolve_type or default_type_resolver
        info: Any = SimpleNamespace(
            schema=self._schema, field_name=place.name, is_awaitable=lambda value: False
        )
        return OneOf(type_.name, selections, lambda value: resolve(value, info, type_), required)

    def share(self) -> None:
        """Tells sites that others, which do not wait beside them, ask their source too."""
        for site in self.sites:
            first, *others = self._asked_beside[site.field]
            site.is_shared = any(one is not first for one in others)

    def place(self, parent: GraphQLObjectType, key: str, of: list[FieldDetails]) -> Place:
        return Place(key, [one.node for one in of], parent.name, name_of(of))

    def definition(self, parent: GraphQLObjectType, of: list[FieldDetails]) -> GraphQLField:
        definition: GraphQLField | None = parent.fields.get(name_of(of))
        if definition is None:
            raise NotCompiled(f"{name_of(of)} is a field of the language itself")
        return definition


def name_of(of: list[FieldDetails]) -> str:
    return of[0].node.name.value


def strip_of(path: Nullable) -> int | None:
    """How many steps above the value the nearest is where null may stand; 0: the value's own."""
    for steps, may_be_null in enumerate(reversed(path)):
        if may_be_null:
            return steps
    return None
