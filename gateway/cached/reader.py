"""Reads things of one side through the cache, for those who may see them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

import msgspec

from gateway.cache.fetched import Fetched, Found, Item, Outcome
from gateway.cache.owner import Owner, Tenant
from gateway.cache.reading import CHANGES, HEARS_WITHIN_S, Cache
from gateway.cache.shelf import Shelf
from gateway.cache.verdict import Way
from resolvers.ports import Each
from services.contracts.errors import Refused, UpstreamError
from services.contracts.learning import Role
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.trail import Trail

T = TypeVar("T")
Ask = Callable[[Caller, Sequence[Any]], Awaitable[Each[T]]]
OPERATORS = frozenset({Role.OPERATOR})
Holds: TypeAlias = Callable[[Caller, frozenset[Role]], Awaitable[bool]]


class About(msgspec.Struct, frozen=True):
    """What of a thing ends its being kept: changes by their tags, and a moment in ms."""

    tags: Sequence[str]
    until_ms: int = 0


Tell: TypeAlias = Callable[[Any, T], About]
"""Of what was asked for, and what there is."""


async def _as_told(caller: Caller, roles: frozenset[Role]) -> bool:
    return True


class Reader:
    """`side` tells apart what two sides say of one thing; a fetch takes `budget_s` at most.

    `holds` says whether a caller still has the roles that let them see what others share.
    """

    def __init__(
        self, cache: Cache, side: str, budget_s: float, clock: Clock, holds: Holds = _as_told
    ) -> None:
        self._cache = cache
        self._side = side
        self._budget_s = budget_s
        self._clock = clock
        self._holds = holds

    def judged_by(self, holds: Holds) -> "Reader":
        return Reader(self._cache, self._side, self._budget_s, self._clock, holds)

    async def of_tenant(
        self,
        caller: Caller,
        shelf: Shelf[T],
        ids: Sequence[Any],
        ask: Ask[T],
        about: Tell[T],
        by: frozenset[Role] = OPERATORS,
    ) -> Each[T]:
        """As the source answers, for each id: shared by a tenant, guards judge each viewer.

        Guards believe a token's roles: whoever lost one of `by` is judged by the source.
        """
        if caller.anew or not await self._holds(caller, by):
            if caller.trail is not None:
                caller.trail.is_for_all = False
            return await ask(caller, ids)
        owner = Tenant(caller.viewer.tenant)
        outcomes = await self.read(caller, owner, shelf, ids, ask, about)
        if caller.trail is not None:
            _note(outcomes, caller.trail)
        return [one.value if isinstance(one, Found) else _refusal(one) for one in outcomes]

    async def read(
        self,
        caller: Caller,
        owner: Owner,
        shelf: Shelf[T],
        ids: Sequence[Any],
        ask: Ask[T],
        about: Tell[T],
    ) -> Sequence[Outcome[T]]:
        if not await self._cache.heard.reaches(caller.seen.get(CHANGES, 0), HEARS_WITHIN_S):
            return [_plain(item) for item in await ask(caller, ids)]
        known = {name_of(self._side, one): one for one in ids}
        as_own = replace(caller, received_s=None, seen={}, trail=None)

        async def fetch(names: Sequence[str]) -> list[Item[T]]:
            in_time = replace(as_own, deadline=Deadline.within(self._clock, self._budget_s))
            wanted = [known[name] for name in names]
            items = await ask(in_time, wanted)
            return [_fetched(one, item, about) for one, item in zip(wanted, items, strict=True)]

        names = [name_of(self._side, one) for one in ids]
        return await self._cache.many(shelf, owner, names, fetch, caller.deadline.left_s())


def name_of(side: str, one: Any) -> str:
    """Two sides never share an entry."""
    return f"{side} {one}"


def _fetched(one: Any, item: T | Refused, about: Tell[T]) -> Item[T]:
    if isinstance(item, Refused):
        return item
    said = about(one, item)
    return Fetched(item, said.tags, until_ms=said.until_ms)


def _plain(item: T | Refused) -> Outcome[T]:
    return item if isinstance(item, Refused) else Found(item, Way.BYPASS)


def _refusal(why: Refused | UpstreamError) -> Refused:
    return why.refusal if isinstance(why, UpstreamError) else why


def _note(outcomes: Sequence[Outcome[Any]], trail: Trail) -> None:
    for one in outcomes:
        entry = one.entry if isinstance(one, Found) else None
        if entry is None:
            trail.is_for_all = False
        else:
            trail.read(entry.tags, entry.made_ms, entry.as_of, entry.until_ms, entry.fresh_until_ms)
