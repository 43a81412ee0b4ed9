"""Which guards stand where: all that a release lets through is told by it."""

from collections.abc import Iterator

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from schema.answering import BatchField, FoundField
from schema.binding import METADATA
from schema.directives import DEFINITION


def judged(schema: GraphQLSchema) -> Iterator[tuple[str, BatchField]]:
    """Each field that asks a source, by its coordinate."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                ours = (field.extensions or {}).get(DEFINITION)
                bound = ours.metadata.get(METADATA) if ours else None
                way = bound.way if isinstance(bound, FoundField) else bound
                if isinstance(way, BatchField):
                    yield f"{kind.name}.{name}", way


def guarding(schema: GraphQLSchema) -> str:
    """A line for each field; of two releases with other lines neither knows what the other let
    through.
    """
    lines = [
        f"{at}: {[one.name for one in way.guards]} {[one.name for one in way.reveals]}"
        for at, way in judged(schema)
    ]
    return "\n".join(sorted(lines))
