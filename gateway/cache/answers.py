"""Whole answers, as bytes: shared by all who pass the guards that they were made behind."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import blake2b
from typing import TypeAlias

import msgspec

from gateway.cache.ages import Terms
from gateway.cache.counts import Layer
from gateway.cache.fetched import Fetched, Found
from gateway.cache.key import Key
from gateway.cache.owner import Owner, Public, Tenant
from gateway.cache.reading import CHANGES, HEARS_WITHIN_S, Cache
from gateway.cache.shelf import Shelf
from gateway.cache.verdict import Way
from gateway.execution.operation import Operation
from gateway.operation.keeping import Keeping
from schema.keeping import Scope
from services.contracts.errors import UpstreamError
from services.contracts.freshness import Seen
from services.contracts.viewer import Viewer
from services.kit.trail import Trail

ERROR_S = 600
"""How long an answer may be served where its sources fail."""
Made: TypeAlias = tuple[bytes, bool]
"""A body, and whether it is without errors."""
Make: TypeAlias = Callable[[Trail], Awaitable[Made]]
Facts: TypeAlias = Mapping[str, Sequence[str]]
May: TypeAlias = Callable[[Facts], Awaitable[bool]]
MayNow: TypeAlias = Callable[[Facts], bool]
Names: TypeAlias = dict[tuple[str, str], Key]
"""By tenant and variant."""
_encoder = msgspec.json.Encoder(order="sorted")


class Answers:
    """`contract` tells two releases' apart, which may judge otherwise; `variant` whom
    the flags send to other sides.
    """

    def __init__(self, cache: Cache, contract: str, variant: Callable[[Viewer], str]) -> None:
        self._cache = cache
        self._contract = contract
        self._variant = variant
        self._shelves: dict[Keeping, Shelf[bytes]] = {}

    def kept(
        self, operation: Operation, viewer: Viewer, names: Names, may: MayNow
    ) -> Found[bytes] | None:
        """What this process has fresh, if this viewer passes its guards; waits for nothing.

        `names` is the operation's own: where its answers stand, by whom they are shared.
        """
        keeping, variant = operation.planned.keeping, self._variant(viewer)
        shared = (viewer.tenant, variant)
        if (key := names.get(shared)) is None:
            owner, name = _owner(keeping, viewer), self._name(operation, variant)
            key = names[shared] = Key(owner, self._shelf(keeping).kind, name)
        found = self._cache.kept(self._shelf(keeping), key)
        if found is None or found.entry is None or not may(found.entry.facts):
            return None
        return found

    def count_hit(self, operation: Operation) -> None:
        self._cache.count_hit((Layer.ANSWER, operation.ask.operation_name))

    @property
    def hears_s(self) -> float:
        return self._cache.heard.hears_s

    async def read(
        self, operation: Operation, viewer: Viewer, make: Make, may: May, seen: Seen, most_s: float
    ) -> Found[bytes] | None:
        """None where this viewer is to be answered by themselves: they have seen a change that is
        not heard of here, may not see what is kept, or nothing came of it.
        """
        if not await self._cache.heard.reaches(seen.get(CHANGES, 0), HEARS_WITHIN_S):
            return None

        variant = self._variant(viewer)

        async def fetch(names: Sequence[str]) -> list[Fetched[bytes]]:
            trail = Trail()
            made = await make(trail)
            # A flag that was turned meanwhile may have sent it to the other side.
            trail.is_for_all &= self._variant(viewer) == variant
            return [_fetched(made, trail) for _ in names]

        keeping = operation.planned.keeping
        told = (Layer.ANSWER, operation.ask.operation_name)
        [outcome] = await self._cache.many(
            self._shelf(keeping),
            _owner(keeping, viewer),
            [self._name(operation, variant)],
            fetch,
            most_s,
            told,
        )
        if not isinstance(outcome, Found):
            return None
        # Whoever it was made for passed the guards while it was.
        if outcome.entry is None or outcome.way is Way.MISS:
            return outcome
        return outcome if await _allowed(may, outcome.entry.facts) else None

    def _shelf(self, keeping: Keeping) -> Shelf[bytes]:
        shelf = self._shelves.get(keeping)
        if shelf is None:
            terms = Terms(keeping.max_age_s, keeping.stale_s, ERROR_S)
            shelf = self._shelves[keeping] = Shelf("answer", bytes, terms, Layer.ANSWER)
        return shelf

    def _name(self, operation: Operation, variant: str) -> str:
        asked = (
            operation.document_hash,
            operation.ask.operation_name,
            operation.ask.variables,
            self._contract,
            variant,
        )
        return blake2b(_encoder.encode(asked), digest_size=20).hexdigest()


async def _allowed(may: May, facts: Facts) -> bool:
    """Where nobody can tell, the answer of their own will say what failed."""
    try:
        return await may(facts)
    except UpstreamError:
        return False


def _owner(keeping: Keeping, viewer: Viewer) -> Owner:
    return Public() if keeping.scope is Scope.PUBLIC else Tenant(viewer.tenant)


def _fetched(made: Made, trail: Trail) -> Fetched[bytes]:
    """An answer that nothing could end is not kept, nor one with something refused in it."""
    body, is_sound = made
    return Fetched(
        value=body,
        tags=list(trail.tags),
        facts={name: list(facts) for name, facts in trail.facts.items()},
        until_ms=trail.until_ms,
        as_of=trail.as_of,
        made_ms=trail.made_ms,
        fresh_until_ms=trail.fresh_until_ms,
        is_kept=is_sound and trail.is_for_all and bool(trail.tags),
    )
