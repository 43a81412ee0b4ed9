"""Binds a field of the contract to the function that answers it for many parents at once."""

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, TypeVar

import strawberry
from aiodataloader import DataLoader
from graphql import GraphQLObjectType
from strawberry import Info

from resolvers.context import Context
from resolvers.guards import Guard
from schema.answering import (
    Answers,
    BatchField,
    Bound,
    FoundField,
    PlainField,
    Tells,
    answer,
    reveal,
)
from schema.directives import DEFINITION, Cost, ListSize, as_many_as
from schema.keeping import CacheControl
from schema.strangled import Strangled

C = TypeVar("C", bound=type)

METADATA = "banyan"
ROOT = object()
"""Stands for the parent of root fields: a loader takes no None."""


def of(struct: type) -> Callable[[C], C]:
    """Below `@strawberry.type`: instances of `struct` stand for this type everywhere."""

    def mark(cls: C) -> C:
        cls.is_type_of = classmethod(lambda _, thing, info: isinstance(thing, struct))  # type: ignore[attr-defined]
        cls.struct = struct  # type: ignore[attr-defined]
        return cls

    return mark


def struct_of(type_: GraphQLObjectType) -> type | None:
    """Whose instances surely stand for the type."""
    return getattr(type_.extensions[DEFINITION].origin, "struct", None)


def batched(
    fn: Answers,
    *,
    guards: Sequence[Guard],
    reveals: Sequence[Guard] = (),
    says: str | None = None,
    costs: Sequence[Cost | ListSize] = (),
    keeps: CacheControl | None = None,
    moves: Strangled | None = None,
) -> Any:
    """A field that needs the outside: answered once for all parents of a level.

    `guards` judge the parents, `reveals` what was found. Where `fn` takes a
    `first`, the field is a connection with as many edges. `moves`: either side
    can answer it.
    """
    field = BatchField(fn, tuple(guards), tuple(reveals))
    args = parameters(fn)
    pages = [as_many_as(arg.name, of=["edges"]) for arg in args if arg.name == "first"]

    async def resolve(root: Any, info: Info, **args: Any) -> Any:
        return await _load(info.context, field, root, args)

    return field_of(resolve, args, field, says, costs=[*costs, *pages], keeps=keeps, moves=moves)


def told(fn: Tells, says: str | None = None, *, keeps: CacheControl | None = None) -> Any:
    """A field that is made of its parent alone: whoever has the parent may have it."""

    def resolve(root: Any, info: Info) -> Any:
        return fn(info.context, root)

    return field_of(resolve, [], PlainField(fn), says, keeps=keeps)


def found(
    field: BatchField,
    says: str | None = None,
    *,
    keeps: CacheControl | None = None,
    moves: Strangled | None = None,
) -> Any:
    """A root field that finds a thing by id, at once for however many aliases ask."""

    async def resolve(root: Any, info: Info, id: str) -> Any:  # noqa: A002
        return await _load(info.context, field, str(id), {})

    args = [argument("id", strawberry.ID)]
    return field_of(resolve, args, FoundField(field), says, keeps=keeps, moves=moves)


async def _load(ctx: Context, field: BatchField, parent: Any, args: dict[str, Any]) -> Any:
    """Through one loader for a field and its arguments: the way of graphql-core."""
    given = given_of(args)
    parent = ROOT if parent is None else parent
    key = (field, tuple(sorted(given.items())))
    if key not in ctx.loaders:
        batch = functools.partial(_in_context, field, ctx, given)
        ctx.loaders[key] = DataLoader(batch, get_cache_key=id, cache=False)
    return reveal(field, await ctx.loaders[key].load(parent))


async def _in_context(
    field: BatchField, ctx: Context, args: dict[str, Any], parents: list[Any]
) -> list[Any]:
    return await answer(field, ctx, parents, args)


def given_of(args: dict[str, Any]) -> dict[str, Any]:
    """Arguments that were given; one that was left out, or null, keeps the function's default."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in args.items()
        if value is not strawberry.UNSET and value is not None
    }


def parameters(fn: Callable[..., Any]) -> list[inspect.Parameter]:
    """The arguments of a field: what `fn` takes behind the context and the parents."""
    wanted = list(inspect.signature(fn).parameters.values())[2:]
    return [argument(p.name, p.annotation, p.default) for p in wanted]


def argument(
    name: str, annotation: Any, default: Any = inspect.Parameter.empty
) -> inspect.Parameter:
    if default is None:
        default = strawberry.UNSET
    if name.endswith("_"):
        annotation = Annotated[annotation, strawberry.argument(name=name.rstrip("_"))]
    if default not in (inspect.Parameter.empty, strawberry.UNSET):
        annotation = annotation | None
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
    )


def field_of(
    resolve: Callable[..., Any],
    args: Iterable[inspect.Parameter],
    bound: Bound,
    says: str | None,
    *,
    is_subscription: bool = False,
    costs: Sequence[Cost | ListSize] = (),
    keeps: CacheControl | None = None,
    moves: Strangled | None = None,
) -> Any:
    lead = [
        inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Any),
        inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info),
    ]
    resolve.__signature__ = inspect.Signature([*lead, *args])  # type: ignore[attr-defined]
    return strawberry.field(
        resolver=resolve,
        metadata={METADATA: bound},
        description=says,
        is_subscription=is_subscription,
        directives=[*costs, *filter(None, [keeps, moves])],
    )
