"""Queries made from the contract: every field that a query reaches, each type once on its way."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)


@dataclass(frozen=True, slots=True)
class Generated:
    """`takes` is the type whose ids the variable `id` or `ids` is given, if it has one."""

    query: str
    takes: str | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """`given` are arguments by coordinate, as text; `leaves` says of a coordinate, and of the types
    on the way to it, whether it is left out."""

    schema: GraphQLSchema
    given: Mapping[str, str]
    leaves: Callable[[tuple[str, ...], str], bool]

    def all(self) -> Iterator[Generated]:
        """What is the viewer's own comes first; each query has one thing beside the leaves."""
        query, viewer = self.schema.query_type, self.schema.type_map["Viewer"]
        assert query is not None
        assert isinstance(viewer, GraphQLObjectType)
        for text in self._parts(viewer):
            yield Generated(f"{{ viewer {{ {text} }} }}")
        for kind in self._nodes():
            root = f"{kind.name[0].lower()}{kind.name[1:]}"
            for text in self._parts(kind):
                many = f"nodes(ids: $ids) {{ __typename ... on {kind.name} {{ {text} }} }}"
                yield Generated(f"query ($ids: [ID!]!) {{ {many} }}", kind.name)
                if root in query.fields:
                    one = f"{root}(id: $id) {{ {text} }}"
                    yield Generated(f"query ($id: ID!) {{ {one} }}", kind.name)

    def _nodes(self) -> list[GraphQLObjectType]:
        node = self.schema.type_map["Node"]
        assert isinstance(node, GraphQLInterfaceType)
        made = self.schema.get_possible_types(node)
        return [one for one in made if one.name != "Viewer"]

    def _parts(self, kind: GraphQLObjectType) -> Iterator[str]:
        leaves = self._leaves((kind.name,), kind)
        yield leaves
        for name, field in kind.fields.items():
            if not _is_leaf(field) and (text := self._field((kind.name,), kind, name)):
                yield f"{leaves} {text}"

    def _leaves(self, way: tuple[str, ...], kind: GraphQLObjectType) -> str:
        names = (name for name, field in kind.fields.items() if _is_leaf(field))
        return " ".join(name for name in names if not self.leaves(way, f"{kind.name}.{name}"))

    def _field(self, way: tuple[str, ...], kind: GraphQLObjectType, name: str) -> str:
        field, coordinate = kind.fields[name], f"{kind.name}.{name}"
        if self.leaves(way, coordinate):
            return ""
        asked = name + self._arguments(coordinate, field)
        if _is_leaf(field):
            return asked
        inner = self._selection(way, kind, field)
        return f"{asked} {{ {inner} }}" if inner else ""

    def _selection(self, way: tuple[str, ...], of: GraphQLObjectType, field: GraphQLField) -> str:
        """Of what one only refers to its leaves: the rest is asked for where it is the thing."""
        kind = get_named_type(field.type)
        assert isinstance(kind, GraphQLObjectType), kind
        on = (*way, kind.name)
        if kind.name in way:
            return "id" if "id" in kind.fields else ""
        is_one = not is_list_type(get_nullable_type(field.type)) and not of.name.endswith("Edge")
        if is_one and "id" in kind.fields:
            return self._leaves(on, kind)
        return " ".join(filter(None, (self._field(on, kind, name) for name in kind.fields)))

    def _arguments(self, coordinate: str, field: GraphQLField) -> str:
        given = self.given.get(coordinate)
        required = [name for name, one in field.args.items() if is_required_argument(one)]
        assert given is not None or not required, coordinate
        return f"({given})" if given else ""


def _is_leaf(field: GraphQLField) -> bool:
    return is_leaf_type(get_named_type(field.type))
