"""Binds mutations, whose refusals are data, and subscriptions, whose refusals are their end."""

from collections.abc import Collection, Sequence
from typing import Any

import strawberry
from strawberry import Info

from resolvers.context import Context
from resolvers.evenly import evenly, is_hidden
from resolvers.following import Followed
from resolvers.guards import Guard
from schema.answering import Does, SubscribedField, error_of
from schema.binding import ROOT, argument, field_of, given_of, parameters
from schema.directives import weighs
from schema.following import Wanted, verdict
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
    followed: Followed,
    *,
    by: str | None = None,
    guards: Sequence[Guard],
    reveals: Sequence[Guard] = (),
    alike: Collection[str] = (),
    says: str | None = None,
    moves: Strangled | None = None,
) -> Any:
    """A subscription: `followed` is read for the id in the argument `by`; for the root where
    there is none.

    `guards` judge the id before anything is read and again at each item, `reveals` the item
    itself; a refusal is an error, and the end. `alike`: fields below, by their coordinates, whose
    guards let through whom `guards` do.
    """
    if followed.is_shared and reveals:
        raise TypeError("what is told alike to all is judged by what it is called")

    def resolve(root: Any, info: Info, **args: Any) -> Any:
        named = ROOT if by is None else str(args[by])
        rest = {name: args[name] for name in args if name != by}
        return Wanted(info.field_name, bound, named, given_of(rest))

    bound = SubscribedField(followed, tuple(guards), tuple(reveals), frozenset(alike))
    lead = [] if by is None else [argument(by, strawberry.ID)]
    args = [*lead, *parameters(followed.begin)]
    return field_of(resolve, args, bound, says, is_subscription=True, moves=moves)


def _raise(item: Any) -> None:
    if isinstance(item, Refused):
        raise error_of(item)


async def _do(
    ctx: Context, does: Does, guards: Sequence[Guard], named: Any, given: dict[str, Any]
) -> Any:
    began_s = ctx.clock.monotonic_s()
    try:
        if (refused := await verdict(guards, ctx, named)) is not None:
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
