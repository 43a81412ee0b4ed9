"""Answers a field for many parents: each judged, then fetched for those who may, then told."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import GraphQLError
from msgspec.structs import replace

from resolvers.context import Context
from resolvers.evenly import evenly, is_hidden
from resolvers.following import Followed
from resolvers.guards import Guard, Verdicts, judge
from services.contracts.errors import HIDDEN, Refused, UpstreamError

Answers = Callable[..., Awaitable[Sequence[Any]]]
Does = Callable[..., Awaitable[Any]]
Tells = Callable[[Context, Any], Any]


@dataclass(frozen=True, slots=True)
class BatchField:
    """`fn(ctx, parents, **args)` answers one item a parent; what both executors run.

    `guards` judge the parents before `fn` is called, `reveals` judge what it found. Where
    `optional`, a thing that is hidden or missing is null and no error; where `even`, that is said
    at fixed times.
    """

    fn: Answers
    guards: tuple[Guard, ...]
    reveals: tuple[Guard, ...] = ()
    optional: bool = False
    even: bool = False


@dataclass(frozen=True, slots=True)
class FoundField:
    """A root field whose argument `id` is the parent that `way` answers for."""

    way: BatchField


@dataclass(frozen=True, slots=True)
class SubscribedField:
    """`guards` judge what is named, `reveals` each thing that is given.

    `alike`: coordinates of fields below, which all whom `guards` let through are told alike.
    """

    followed: Followed
    guards: tuple[Guard, ...]
    reveals: tuple[Guard, ...]
    alike: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PlainField:
    """`fn(ctx, parent)` asks nobody."""

    fn: Tells


Bound: TypeAlias = BatchField | FoundField | SubscribedField | PlainField | tuple[Guard, ...]


async def answer(
    field: BatchField, ctx: Context, parents: Sequence[Any], args: dict[str, Any]
) -> list[Any]:
    """One item or Refused for each parent: judged, fetched for those who may, judged again."""
    began_s = _began_s(ctx) if field.even else 0.0
    try:
        verdicts = await judge(field.guards, ctx, parents)
        if any(verdicts):
            items = await _fetch_for_allowed(field, ctx, parents, verdicts, args)
        else:
            items = await _fetch(field, ctx, parents, args)
        if field.reveals:
            await _judge_found(field, ctx, parents, items, args)
        if ctx.trail is not None and any(isinstance(item, Refused) for item in items):
            ctx.trail.is_for_all = False
        if field.even and _is_any_hidden(items, verdicts):
            await evenly(ctx, began_s)
        return items
    except UpstreamError as failed:
        if ctx.trail is not None:
            ctx.trail.is_for_all = False
        return [failed.refusal] * len(parents)


def _began_s(ctx: Context) -> float:
    """When the request came in: whether something was kept for others takes time as well."""
    return ctx.clock.monotonic_s() if ctx.received_s is None else ctx.received_s


async def _fetch_for_allowed(
    field: BatchField,
    ctx: Context,
    parents: Sequence[Any],
    verdicts: Verdicts,
    args: dict[str, Any],
) -> list[Any]:
    """Who was refused keeps their refusal."""
    allowed = [p for p, verdict in zip(parents, verdicts, strict=True) if verdict is None]
    fetched = iter(await _fetch(field, ctx, allowed, args) if allowed else ())
    return [verdict or next(fetched) for verdict in verdicts]


async def _fetch(
    field: BatchField, ctx: Context, parents: Sequence[Any], args: dict[str, Any]
) -> list[Any]:
    items = await field.fn(ctx, parents, **args)
    if len(items) != len(parents):
        raise RuntimeError(f"a source answered {len(items)} items for {len(parents)} parents")
    return list(items)


async def _judge_found(
    field: BatchField,
    ctx: Context,
    parents: Sequence[Any],
    items: list[Any],
    args: dict[str, Any],
) -> None:
    found_at = [at for at, item in enumerate(items) if not isinstance(item, Refused | None)]
    verdicts = await judge(field.reveals, ctx, [items[at] for at in found_at])
    hidden_at = []
    for at, verdict in zip(found_at, verdicts, strict=True):
        items[at] = verdict or items[at]
        if verdict:
            hidden_at.append(at)
    if hidden_at:
        # A source hides it from this viewer: that it was at hand, for others, must cost the same.
        await _fetch(field, replace(ctx, anew=True), [parents[at] for at in hidden_at], args)


def _is_any_hidden(items: list[Any], verdicts: Verdicts) -> bool:
    """Of those that were asked for: what a guard refuses is refused whether or not it exists."""
    asked = (item for item, verdict in zip(items, verdicts, strict=True) if verdict is None)
    return any(item is None or is_hidden(item) for item in asked)


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
