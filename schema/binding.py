"""Binds a field of the contract to the function that answers it for many parents at once."""

import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import strawberry
from aiodataloader import DataLoader
from graphql import GraphQLError
from strawberry import Info

from resolvers.context import Context
from resolvers.guards import Guard, judge
from services.contracts.errors import HIDDEN, Refused, UpstreamError

C = TypeVar("C", bound=type)
Answers = Callable[..., Awaitable[Sequence[Any]]]
Does = Callable[..., Awaitable[Any]]
Changes = Callable[[Context, Any], AsyncIterator[Any]]

METADATA = "banyan"
ROOT = object()
"""Stands for the parent of root fields: a loader takes no None."""


@dataclass(frozen=True, slots=True)
class BatchField:
    """`fn(ctx, parents, **args)` answers one item a parent; what both executors run.

    `guards` judge the parents before `fn` is called, `reveals` judge what it found. Where
    `optional`, a thing that is hidden or missing is null and no error.
    """

    fn: Answers
    guards: tuple[Guard, ...]
    reveals: tuple[Guard, ...] = ()
    optional: bool = False


def of(struct: type) -> Callable[[C], C]:
    """Below `@strawberry.type`: instances of `struct` stand for this type everywhere."""

    def mark(cls: C) -> C:
        cls.is_type_of = classmethod(lambda _, thing, info: isinstance(thing, struct))  # type: ignore[attr-defined]
        return cls

    return mark


def batched(fn: Answers, *, guards: Sequence[Guard], says: str | None = None) -> Any:
    """A field that needs the outside: answered once for all parents of a level."""
    field = BatchField(fn, tuple(guards))

    async def resolve(root: Any, info: Info, **args: Any) -> Any:
        return await _load(info.context, field, root, args)

    return _field(resolve, _parameters(fn), field, says)


def found(field: BatchField, says: str | None = None) -> Any:
    """A root field that finds a thing by id, at once for however many aliases ask."""

    async def resolve(root: Any, info: Info, id: str) -> Any:  # noqa: A002
        return await _load(info.context, field, str(id), {})

    return _field(resolve, [_argument("id", strawberry.ID)], field, says)


def command(
    does: Does, takes: type, *, by: str, guards: Sequence[Guard], says: str | None = None
) -> Any:
    """A mutation: one input, whose field `by` names what `guards` judge; refusals are data."""

    async def resolve(root: Any, info: Info, input: Any) -> Any:  # noqa: A002
        given = vars(input)
        return await _do(info.context, does, guards, given[by], given)

    return _field(resolve, [_argument("input", takes)], tuple(guards), says)


def subscribed(
    changes: Changes, *, by: str, guards: Sequence[Guard], says: str | None = None
) -> Any:
    """A subscription: `changes(ctx, id)` gives items, for the id in the argument `by`."""

    async def resolve(root: Any, info: Info, **args: Any) -> AsyncIterator[Any]:
        named = str(args[by])
        [refusal] = await judge(guards, info.context, [named])
        if refusal is not None:
            raise error_of(refusal)
        async for item in changes(info.context, named):
            yield item

    bound = tuple(guards)
    return _field(resolve, [_argument(by, strawberry.ID)], bound, says, is_subscription=True)


async def _do(
    ctx: Context, does: Does, guards: Sequence[Guard], named: Any, given: dict[str, Any]
) -> Any:
    try:
        [refusal] = await judge(guards, ctx, [named])
        return refusal or await does(ctx, **given)
    except UpstreamError as failed:
        return failed.refusal


async def answer(
    field: BatchField, ctx: Context, parents: Sequence[Any], args: dict[str, Any]
) -> list[Any]:
    """One item or Refused for each parent: judged, fetched for those who may, judged again."""
    try:
        verdicts = await judge(field.guards, ctx, parents)
        allowed = [p for p, verdict in zip(parents, verdicts, strict=True) if verdict is None]
        fetched = iter(await _fetch(field, ctx, allowed, args))
        items = [verdict or next(fetched) for verdict in verdicts]
        return await _judge_found(field, ctx, items)
    except UpstreamError as failed:
        return [failed.refusal] * len(parents)


async def _fetch(
    field: BatchField, ctx: Context, parents: list[Any], args: dict[str, Any]
) -> Sequence[Any]:
    if not parents:
        return ()
    items = await field.fn(ctx, parents, **args)
    if len(items) != len(parents):
        raise RuntimeError(f"a source answered {len(items)} items for {len(parents)} parents")
    return items


async def _judge_found(field: BatchField, ctx: Context, items: list[Any]) -> list[Any]:
    found_at = [at for at, item in enumerate(items) if not isinstance(item, Refused | None)]
    verdicts = await judge(field.reveals, ctx, [items[at] for at in found_at])
    for at, verdict in zip(found_at, verdicts, strict=True):
        items[at] = verdict or items[at]
    return items


async def _load(ctx: Context, field: BatchField, parent: Any, args: dict[str, Any]) -> Any:
    """Through one loader for a field and its arguments: the way of graphql-core."""
    given = _given(args)
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


def reveal(field: BatchField, item: Any) -> Any:
    """The item itself; null or a coded error where it was refused."""
    if not isinstance(item, Refused):
        return item
    if field.optional and item.code is HIDDEN.code:
        return None
    raise error_of(item)


def error_of(refusal: Refused) -> GraphQLError:
    extensions = {
        "code": refusal.code.value,
        "retryable": refusal.retryable,
        "retryAfterMs": refusal.retry_after_ms,
    }
    return GraphQLError(refusal.message, extensions=extensions)


def _given(args: dict[str, Any]) -> dict[str, Any]:
    """Arguments that were given; one that was left out, or null, keeps the function's default."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in args.items()
        if value is not strawberry.UNSET and value is not None
    }


def _parameters(fn: Answers) -> list[inspect.Parameter]:
    """The arguments of a field: what `fn` takes behind the context and the parents."""
    wanted = list(inspect.signature(fn).parameters.values())[2:]
    return [_argument(p.name, p.annotation, p.default) for p in wanted]


def _argument(
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


def _field(
    resolve: Callable[..., Any],
    args: Iterable[inspect.Parameter],
    bound: BatchField | tuple[Guard, ...],
    says: str | None,
    *,
    is_subscription: bool = False,
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
    )
