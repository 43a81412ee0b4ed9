"""What one operation asks, worked out once: which values, of which form, by which sources."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLLeafType,
    GraphQLObjectType,
)

from gateway.execution.compiled.arguments import Arguments
from schema.answering import BatchField

Path: TypeAlias = "tuple[Path, str | int] | None"
"""Where a value stands in the answer: its parent's path and its own key or index."""


Select: TypeAlias = Callable[[Any, Path, Any], dict[str, Any]]
"""Of a thing, its path and the run: what is asked of it; raises Nulled."""
Finish: TypeAlias = Callable[[Any, Path, Any], Any]
"""Of a value that a source gave, its path and the run: its answer; raises Nulled."""
Fill: TypeAlias = Callable[[list[Any], Iterator[Any], Any], None]
"""Puts into the answers of those who wait what was given for them, in order."""


class NotCompiled(Exception):
    """This operation is for graphql-core; the text says why."""


class Part(msgspec.Struct, gc=False, eq=False):
    """The garbage collector does not go through the parts of a plan: they stand in no circle."""


class Place(Part):
    """A response field: its nodes in the document, and how errors name it."""

    key: str
    nodes: list[FieldNode]
    parent: str
    name: str

    @property
    def null_told(self) -> str:
        return f"Cannot return null for non-nullable field {self.parent}.{self.name}."


class Leaf(Part):
    type: GraphQLLeafType
    required: bool


class ListOf(Part):
    item: "Shape"
    required: bool


class Thing(Part):
    """An object of one type."""

    selection: "Selection"
    required: bool


class OneOf(Part):
    """An object of one of several types; `type_of(value)` names which."""

    name: str
    selections: Mapping[str, "Selection"]
    type_of: Callable[[Any], Any]
    required: bool


Shape: TypeAlias = Leaf | ListOf | Thing | OneOf


class Typename(Part):
    place: Place


class Attribute(Part):
    """As the parent has it."""

    place: Place
    attribute: str
    shape: Shape


class Told(Part):
    """`fn(ctx, parent)` says it."""

    place: Place
    fn: Callable[[Any, Any], Any]
    shape: Shape


class Site(Part):
    """A field that is asked for all parents at once.

    A null that may not stand here stands `strip` steps up the path; None: it is all of the data.
    Where `is_shared`, another branch of the operation may ask its source for the same.
    """

    number: int
    place: Place
    field: BatchField
    arguments: Arguments
    is_found_by_id: bool
    shape: Shape
    strip: int | None
    inner: list["Site"] = msgspec.field(default_factory=list)
    is_shared: bool = False


class Command(Part):
    """A field of a mutation: run one after the other."""

    number: int
    place: Place
    definition: GraphQLField
    shape: Shape
    strip: int | None
    inner: list[Site] = msgspec.field(default_factory=list)


Asked: TypeAlias = Typename | Attribute | Told | Site


class Selection(Part):
    """What is asked of an object of one type, in the order of the answer."""

    number: int
    type: GraphQLObjectType
    fields: tuple[Asked, ...]


@dataclass(slots=True, eq=False)
class Code:
    """The functions of a plan, by the numbers of its selections, sites and commands.

    They know their parts of the plan and no part knows them, nor do they know one another: a plan
    that is given up is gone, and nothing of it is left to the garbage collector.
    """

    select: Sequence[Select]
    fill: Sequence[Fill]
    finish: Sequence[Finish]


@dataclass(slots=True, eq=False)
class Plan:
    """`roots` are those of a query, `commands` those of a mutation; `sites` by their numbers.

    `event` is the one field of a subscription, whose value is given.
    """

    keys: Sequence[str]
    typenames: Mapping[str, str]
    roots: Sequence[Site]
    commands: Sequence[Command]
    event: Command | None
    sites: Sequence[Site]
    selections: Sequence[Selection]
    code: Code = dataclasses.field(init=False)
    """Once it is compiled."""
