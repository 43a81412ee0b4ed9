"""Fetches what is missing, once for the fleet: with a lease, or told by who has it."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeVar

from gateway.cache.envelope import MOST_BYTES, seal
from gateway.cache.far import AWAY, Claim, Far, Standing
from gateway.cache.fetched import Fetch, Fetched, Found, Item
from gateway.cache.flights import Land
from gateway.cache.key import Key, place_of
from gateway.cache.owner import Private
from gateway.cache.shelf import Shelf
from gateway.cache.store import Store
from gateway.cache.verdict import Way
from services.contracts.errors import Refused, UpstreamError
from services.kit.clock import Clock
from services.kit.log import Log

T = TypeVar("T")
LEASE_S = 2.0
"""Longer than an upstream may take; who dies with a lease holds the others up for so long."""
FOLLOWS = 3
"""So often a follower waits for somebody else before it fetches by itself."""

log = Log("cache")


class Making:
    def __init__(self, store: Store, far: Far, clock: Clock) -> None:
        self._store = store
        self._far = far
        self._clock = clock

    async def make(self, shelf: Shelf[T], keys: Sequence[Key], fetch: Fetch[T], land: Land) -> None:
        """What Redis has lands at once; of the rest each is fetched by us, or awaited."""
        raws = await asyncio.gather(*[self._far.get(place_of(key.text)) for key in keys])
        missing = [
            key
            for key, raw in zip(keys, raws, strict=True)
            if not self._lands(shelf, key, raw, land)
        ]
        claims = await asyncio.gather(*[self._claim(key) for key in missing])
        led = [
            (key, claim)
            for key, claim in zip(missing, claims, strict=True)
            if claim.standing is not Standing.HELD
        ]
        await asyncio.gather(
            self._fetch(shelf, led, fetch, land),
            *[
                self._follow(shelf, key, fetch, land)
                for key, claim in zip(missing, claims, strict=True)
                if claim.standing is Standing.HELD
            ],
        )

    async def renew(self, shelf: Shelf[T], key: Key, fetch: Fetch[T], land: Land) -> None:
        """By one of the fleet: what another has made anew is taken, what it is making is left."""
        raw = await self._far.get(place_of(key.text))
        taken = self._store.taken(shelf, key, raw)
        if taken is not None and not taken[1]:
            land(key, taken[0])
            return
        claim = await self._claim(key)
        if claim.standing is Standing.HELD:
            await self._follow(shelf, key, fetch, land)
        else:
            await self._fetch(shelf, [(key, claim)], fetch, land)

    async def _follow(self, shelf: Shelf[T], key: Key, fetch: Fetch[T], land: Land) -> None:
        """Somebody else fetches it; should they die, their lease ends."""
        claim = AWAY
        for _ in range(FOLLOWS):
            await self._far.awaited(place_of(key.text), LEASE_S)
            raw = await self._far.get(place_of(key.text))
            if self._lands(shelf, key, raw, land, Way.COALESCED):
                return
            claim = await self._claim(key)
            if claim.standing is not Standing.HELD:
                break
        await self._fetch(shelf, [(key, claim)], fetch, land)

    def _lands(
        self,
        shelf: Shelf[T],
        key: Key,
        raw: bytes | None,
        land: Land,
        way: Way | None = None,
    ) -> bool:
        taken = self._store.taken(shelf, key, raw)
        if taken is None:
            return False
        found = taken[0]
        land(key, found if way is None else found.by(way))
        return True

    async def _fetch(
        self,
        shelf: Shelf[T],
        led: Sequence[tuple[Key, Claim]],
        fetch: Fetch[T],
        land: Land,
    ) -> None:
        if not led:
            return
        as_of, began_s = self._store.heard.position, self._clock.monotonic_s()
        items = await self._asked([key.name for key, _ in led], fetch)
        cost_s = self._clock.monotonic_s() - began_s
        ends = []
        for (key, claim), item in zip(led, items, strict=True):
            found = self._outcome(shelf, key, item, as_of, cost_s)
            land(key, found)
            ends.append(self._end(shelf, key, claim, found))
        await asyncio.gather(*ends)

    async def _asked(self, names: list[str], fetch: Fetch[T]) -> Sequence[Item[T] | UpstreamError]:
        try:
            return await fetch(names)
        except UpstreamError as failed:
            return [failed] * len(names)
        except Exception as unforeseen:
            log.error("cache.fetch_failed", unforeseen)
            return [UpstreamError("a fetch failed")] * len(names)

    def _outcome(
        self,
        shelf: Shelf[T],
        key: Key,
        item: Item[T] | UpstreamError,
        as_of: int,
        cost_s: float,
    ) -> Found[T] | Refused | UpstreamError:
        if isinstance(item, Fetched):
            if item.is_kept:
                return self._store.keep(shelf, key, item, as_of, cost_s)
            return Found(item.value, Way.MISS)
        if isinstance(item, UpstreamError) or item.retryable:
            return self._store.spare(shelf, key) or item
        return item

    async def _end(self, shelf: Shelf[T], key: Key, claim: Claim, found: Any) -> None:
        """The lease ends with a new entry for the fleet, or without one."""
        place = place_of(key.text)
        entry = found.entry if isinstance(found, Found) and found.way is Way.MISS else None
        body = seal(entry) if entry is not None and self._store.is_current(found) else b""
        lasts_s = shelf.terms.all_s
        if not body or len(body) > MOST_BYTES:
            if claim.token:
                await self._far.release(place, claim.token)
        elif claim.token:
            await self._far.put(place, claim.token, body, lasts_s)
        else:
            await self._far.set(place, body, lasts_s)

    async def _claim(self, key: Key) -> Claim:
        """What is one person's alone no herd asks for: a lease would cost more than it spares."""
        if isinstance(key.owner, Private):
            return AWAY
        return await self._far.claim(place_of(key.text), LEASE_S)
