"""What fields cost, as the contract says it: IBM's `@cost` and `@listSize`."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import strawberry
from graphql import GraphQLField, GraphQLNamedType
from strawberry.schema_directive import Location

T = TypeVar("T")

DEFINITION = "strawberry-definition"
"""Where Strawberry keeps its own field or type in one of graphql-core's."""


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="cost",
    description="What it costs to ask. Beside that each thing it gives costs 1, and what is asked "
    "of it; a leaf costs nothing.",
)
class Cost:
    weight: str


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="How many there will be: the greatest of the arguments, else so many as assumed; "
    "in `sizedFields` of the field, if it names any. An argument that is a list counts its items.",
)
class ListSize:
    assumed_size: int | None = strawberry.UNSET
    slicing_arguments: list[str] | None = strawberry.UNSET
    sized_fields: list[str] | None = strawberry.UNSET
    require_one_slicing_argument: bool | None = strawberry.UNSET


def weighs(weight: int) -> Cost:
    return Cost(weight=str(weight))


def about(size: int) -> ListSize:
    """A list of about so many."""
    return ListSize(assumed_size=size)


def as_many_as(*arguments: str, of: Sequence[str] = ()) -> ListSize:
    """As many as an argument says; in the fields `of`, such as the edges of a connection."""
    return ListSize(
        slicing_arguments=list(arguments),
        sized_fields=list(of) or strawberry.UNSET,
        require_one_slicing_argument=False,
    )


def weight_of(field: GraphQLField) -> float:
    cost = first_of(Cost, field)
    return 0.0 if cost is None else float(cost.weight)


def size_of(field: GraphQLField) -> ListSize | None:
    """None where the contract says none."""
    return first_of(ListSize, field)


def first_of(kind: type[T], defined: GraphQLField | GraphQLNamedType) -> T | None:
    """The directive of this kind at a field or type."""
    ours = (defined.extensions or {}).get(DEFINITION)
    # Strawberry has no directives on some kinds of types.
    said: Iterable[Any] = getattr(ours, "directives", None) or ()
    return next((one for one in said if isinstance(one, kind)), None)
