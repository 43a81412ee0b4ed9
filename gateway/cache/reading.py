"""The one way to read through the cache: this process, a flight, Redis, a lease, the source."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, TypeVar

from gateway.cache.counts import Counts, Layer, Read
from gateway.cache.fetched import Fetch, Fetched, Found, Outcome
from gateway.cache.flights import Flights, Landing
from gateway.cache.heard import Heard
from gateway.cache.key import Key
from gateway.cache.making import Making
from gateway.cache.owner import Owner
from gateway.cache.shelf import Shelf
from gateway.cache.store import Store
from gateway.cache.verdict import Way
from services.contracts.errors import Refused, UpstreamError, UpstreamTimeout
from services.kit.account import HERE

T = TypeVar("T")
Told: TypeAlias = tuple[Layer, str | None]
"""What is read, and for which operation, to whoever counts."""
ENTITY: Told = (Layer.ENTITY, None)
CHANGES = "gateway:changes"
"""The stream of the log of changes, in what a viewer has seen."""
HEARS_WITHIN_S = 0.1
TRIES = 3
"""So often a reader looks again where a change overtook what they waited for."""


class Cache:
    """Whatever is read here is no older than what this process had heard when it was asked for."""

    def __init__(self, store: Store, making: Making, flights: Flights, counts: Counts) -> None:
        self._store = store
        self._making = making
        self._flights = flights
        self._counts = counts

    @property
    def heard(self) -> Heard:
        return self._store.heard

    def kept(self, shelf: Shelf[T], key: Key) -> Found[T] | None:
        """What this process has fresh, and nobody is to renew yet. It waits for nothing, and is
        not counted: whoever gets None reads it by `many`.
        """
        served = self._store.served(shelf, key)
        return None if served is None or served[1] or self.heard.is_deaf else served[0]

    def count_hit(self, told: Told) -> None:
        self._counts.read(Read.HIT, *told)

    async def many(
        self,
        shelf: Shelf[T],
        owner: Owner,
        names: Sequence[str],
        fetch: Fetch[T],
        most_s: float,
        told: Told = ENTITY,
    ) -> list[Outcome[T]]:
        """An outcome for each name, in order; whoever waits does so for `most_s` at most."""
        found: dict[str, Outcome[T]] = {}
        try:
            async with asyncio.timeout(most_s):
                await self._find(shelf, owner, list(dict.fromkeys(names)), fetch, found)
        except TimeoutError:
            late = UpstreamTimeout("waiting for what is read through the cache")
            found |= {name: late for name in names if name not in found}
        account = HERE.get()
        for outcome in found.values():
            self._counts.read(_came_to(outcome), *told)
            if account is not None:
                account.read(shelf.kind.partition("@")[0], _came_to(outcome).value)
        return [found[name] for name in names]

    async def _find(
        self,
        shelf: Shelf[T],
        owner: Owner,
        wanted: list[str],
        fetch: Fetch[T],
        found: dict[str, Outcome[T]],
    ) -> None:
        for _ in range(TRIES):
            await self._look(shelf, owner, wanted, fetch, found)
            wanted = [name for name in wanted if name not in found]
            if not wanted:
                return
        found |= await self._directly(wanted, fetch)

    async def _look(
        self,
        shelf: Shelf[T],
        owner: Owner,
        names: Sequence[str],
        fetch: Fetch[T],
        found: dict[str, Outcome[T]],
    ) -> None:
        """Adds what is found, but not what a change overtook or what was refused to another."""
        joined: dict[str, Landing] = {}
        cold: list[Key] = []
        for name in names:
            key = Key(owner, shelf.kind, name)
            if (served := self._store.served(shelf, key)) is not None:
                found[name] = served[0]
                if served[1]:
                    self._renew(shelf, key, fetch)
            elif (landing := self._flights.get(key)) is not None:
                joined[name] = landing
            else:
                cold.append(key)
        led = self._flights.depart(cold, lambda land: self._making.make(shelf, cold, fetch, land))
        try:
            # Unlike gather() it cancels nothing when whoever waits leaves.
            if waits := [*joined.values(), *led]:
                await asyncio.wait(waits)
        finally:
            own = ((key.name, one) for key, one in zip(cold, led, strict=True))
            self._take(found, ((name, one.result()) for name, one in own if one.done()))
            shared = ((name, one) for name, one in joined.items() if one.done())
            self._take(found, ((name, _shared(one.result())) for name, one in shared))

    def _take(
        self, found: dict[str, Outcome[T]], landed: Iterable[tuple[str, Outcome[T] | None]]
    ) -> None:
        found |= {name: one for name, one in landed if one is not None and self._is_current(one)}

    async def _directly(self, names: Sequence[str], fetch: Fetch[T]) -> dict[str, Outcome[T]]:
        """For this reader alone."""
        if not names:
            return {}
        try:
            items = await fetch(names)
        except UpstreamError as failed:
            return dict.fromkeys(names, failed)
        return {name: _bypassed(item) for name, item in zip(names, items, strict=True)}

    def _renew(self, shelf: Shelf[T], key: Key, fetch: Fetch[T]) -> None:
        """Nobody waits for it."""
        if self._flights.get(key) is None:
            self._flights.depart([key], lambda land: self._making.renew(shelf, key, fetch, land))

    def _is_current(self, outcome: Outcome[T]) -> bool:
        return not isinstance(outcome, Found) or self._store.is_current(outcome)


def _shared(outcome: Outcome[T]) -> Outcome[T] | None:
    """What somebody else waited for: what was refused to them, or is theirs alone, is no answer."""
    if isinstance(outcome, Refused):
        return None
    if isinstance(outcome, Found):
        if outcome.entry is None:
            return None
        return outcome.by(Way.COALESCED)
    return outcome


def _bypassed(item: Fetched[T] | Refused) -> Outcome[T]:
    return item if isinstance(item, Refused) else Found(item.value, Way.BYPASS)


def _came_to(outcome: Outcome[Any]) -> Read:
    return Read(outcome.way.value) if isinstance(outcome, Found) else Read.BYPASS
