"""Binds mutations, whose refusals are data, and subscriptions, whose refusals are their end."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

import strawberry
from strawberry import Info

from resolvers.context import Context
from resolvers.evenly import evenly, is_hidden
from resolvers.guards import Guard, judge
from schema.answering import Changes, Does, SubscribedField, error_of
from schema.binding import ROOT, argument, field_of, given_of, parameters
from schema.directives import weighs
from schema.strangled import Strangled
from services.contracts.errors import Refused, UpstreamError

COMMAND = 10
"""What a command weighs: it is a transaction on the other side, and is never shared."""


def command(
    does: Does,
    takes: type,
    *,
    by: str,
    guards: Sequence[Guard],
    says: str | None = None,
    is_error: bool = False,
    moves: Strangled | None = None,
) -> Any:
    """A mutation: one input, whose field `by` names what `guards` judge; refusals are data, but
    where its result has no place for them: there one `is_error`.
    """

    async def resolve(root: Any, info: Info, input: Any) -> Any:  # noqa: A002
        given = words_of(input)
        done = await _do(info.context, does, guards, given[by], given)
        if is_error:
            _raise(done)
        return done

    args = [argument("input", takes)]
    return field_of(resolve, args, tuple(guards), says, costs=[weighs(COMMAND)], moves=moves)


def subscribed(
    changes: Changes,
    *,
    by: str | None = None,
    guards: Sequence[Guard],
    reveals: Sequence[Guard] = (),
    says: str | None = None,
    moves: Strangled | None = None,
) -> Any:
    """A subscription: `changes(ctx, id, **args)` gives items, for the id in the argument `by`;
    for the root where there is none.

    `guards` judge the id before anything is read and again at each item, `reveals` the item
    itself; a refusal is an error, and the end.
    """

    async def resolve(root: Any, info: Info, **args: Any) -> AsyncIterator[Any]:
        began_s = info.context.clock.monotonic_s()
        named = ROOT if by is None else str(args[by])
        rest = {name: args[name] for name in args if name != by}
        _raise(await _verdict(guards, info.context, named))
        async with aclosing(changes(info.context, named, **given_of(rest))) as items:
            async for item in items:
                if is_hidden(item):
                    await evenly(info.context, began_s)
                _raise(item)
                _raise(await _verdict_now(guards, info.context, named))
                _raise(await _verdict_now(reveals, info.context, item))
                yield item

    bound = SubscribedField(tuple(guards), tuple(reveals))
    lead = [] if by is None else [argument(by, strawberry.ID)]
    args = [*lead, *parameters(changes)]
    return field_of(resolve, args, bound, says, is_subscription=True, moves=moves)


async def _verdict(guards: Sequence[Guard], ctx: Context, thing: Any) -> Refused | None:
    try:
        [verdict] = await judge(guards, ctx, [thing])
        return verdict
    except UpstreamError as failed:
        return failed.refusal


async def _verdict_now(guards: Sequence[Guard], ctx: Context, item: Any) -> Refused | None:
    """By what is known of the viewer now, and not by what was when they began to listen."""
    now = ctx.renewed()
    try:
        return await _verdict(guards, now, item)
    finally:
        await now.close()


def _raise(item: Any) -> None:
    if isinstance(item, Refused):
        raise error_of(item)


async def _do(
    ctx: Context, does: Does, guards: Sequence[Guard], named: Any, given: dict[str, Any]
) -> Any:
    began_s = ctx.clock.monotonic_s()
    try:
        if (refused := await _verdict(guards, ctx, named)) is not None:
            return refused
        done = await does(ctx, **given)
        if is_hidden(done):
            await evenly(ctx, began_s)
        return done
    except UpstreamError as failed:
        return failed.refusal


def words_of(given: Any) -> dict[str, Any]:
    """What was given in an input, by name: nothing for what was left out."""
    said = {name: _word(value) for name, value in vars(given).items()}
    return {name: value for name, value in said.items() if value is not strawberry.UNSET}


def _word(value: Any) -> Any:
    """In the contract's words; an input within the input says its own."""
    if isinstance(value, list):
        return [_word(one) for one in value]
    return value.word() if hasattr(value, "word") else value
