"""Follows a subscription's source for those who may: each look is judged, and told as data."""

from collections.abc import AsyncIterator, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from resolvers.context import Context
from resolvers.evenly import evenly, is_hidden
from resolvers.following import Look
from resolvers.guards import Guard, judge
from schema.answering import SubscribedField, error_of
from services.contracts.errors import Refused, UpstreamError


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subscription as somebody asks it: of what, and with which arguments."""

    name: str
    field: SubscribedField
    named: Any
    args: dict[str, Any]

    def __aiter__(self) -> AsyncIterator[Any]:
        """graphql-core takes nothing else for the source of a subscription."""
        raise TypeError("what is followed is read, when there are news of it")


async def begin(wanted: Wanted, ctx: Context) -> Hashable:
    """Where whoever asks so stands. Raises GraphQLError for who may not."""
    if (refused := await verdict(wanted.field.guards, ctx, wanted.named)) is not None:
        raise error_of(refused)
    told = wanted.field.followed.begin(ctx, wanted.named, **wanted.args)
    if isinstance(told, Refused):
        raise error_of(told)
    return told


async def look(wanted: Wanted, ctx: Context, told: Hashable, since_s: float) -> Look:
    """What is new to whoever stands at `told`, and has waited since then."""
    try:
        found = await wanted.field.followed.read(ctx, wanted.named, told)
    except UpstreamError as failed:
        return Look([failed.refusal], told)
    if any(map(is_hidden, found.items)):
        await evenly(ctx, since_s)
    return found


async def verdict(guards: Sequence[Guard], ctx: Context, thing: Any) -> Refused | None:
    try:
        [found] = await judge(guards, ctx, [thing])
        return found
    except UpstreamError as failed:
        return failed.refusal
