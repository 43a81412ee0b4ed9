"""What this process keeps, and whether it may still be served."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from gateway.cache.ages import Age, age_of, may_be_early, refreshes_early, spread
from gateway.cache.counts import UNCOUNTED, Counts, Read
from gateway.cache.envelope import Entry, unseal
from gateway.cache.fetched import Fetched, Found
from gateway.cache.heard import Heard
from gateway.cache.key import Key
from gateway.cache.near import Held, Near
from gateway.cache.shelf import Shelf
from gateway.cache.verdict import Way
from services.kit.clock import Clock

T = TypeVar("T")
DEAF_S = 1.0
"""How old what is served may be while changes are not heard of."""
SKEW_MS = 5_000
"""What is said to be made so much later than now was made by a wrong clock."""
WAYS = {Age.FRESH: Way.HIT, Age.STALE: Way.STALE, Age.SPARE: Way.SPARED}


class Store:
    """`dice` is even in (0, 1]."""

    def __init__(
        self,
        near: Near,
        heard: Heard,
        clock: Clock,
        dice: Callable[[], float],
        counts: Counts = UNCOUNTED,
    ) -> None:
        self.near = near
        self.heard = heard
        self._clock = clock
        self._dice = dice
        self._counts = counts

    def served(self, shelf: Shelf[T], key: Key) -> tuple[Found[T], bool] | None:
        """What may be served now, and whether to renew it."""
        held = self.near.get(key.owner.tenant, key.text)
        return None if held is None else self._judged(shelf, held)

    def taken(self, shelf: Shelf[T], key: Key, raw: bytes | None) -> tuple[Found[T], bool] | None:
        """As `served`, of what Redis has; whatever it is, nothing worse than a miss comes of it."""
        if (held := self._read(shelf, key, raw)) is None or self._is_older(key, held.entry):
            return None
        self.near.put(key.owner.tenant, held)
        return self._judged(shelf, held)

    def spare(self, shelf: Shelf[T], key: Key) -> Found[T] | None:
        """What may be served where the source fails."""
        held = self.near.get(key.owner.tenant, key.text)
        if held is None or not self._is_current(held.entry):
            return None
        if shelf.terms.heard_only and self.heard.is_deaf:
            return None
        now_s = self._clock.monotonic_s()
        is_dead = _age(shelf, held, now_s) is Age.DEAD
        return None if is_dead else _found(held, Way.SPARED, now_s)

    def keep(
        self, shelf: Shelf[T], key: Key, fetched: Fetched[T], as_of: int, cost_s: float
    ) -> Found[T]:
        """As made now; not kept where something that it was made of has changed meanwhile."""
        entry = self._entry(shelf, key, fetched, as_of, cost_s)
        held = self._held(entry, fetched.value)
        if self._is_current(entry):
            self.near.put(key.owner.tenant, held)
        else:
            self._counts.read(Read.FENCED, shelf.layer, None)
        return _found(held, Way.MISS, self._clock.monotonic_s())

    def is_current(self, found: Found[Any]) -> bool:
        return found.entry is None or self._is_current(found.entry)

    def _judged(self, shelf: Shelf[T], held: Held) -> tuple[Found[T], bool] | None:
        now_s = self._clock.monotonic_s()
        age = _age(shelf, held, now_s)
        if age not in (Age.FRESH, Age.STALE) or not self._is_current(held.entry):
            return None
        if self.heard.is_deaf and now_s - held.born_s > DEAF_S:
            return None
        found = _found(held, WAYS[age], now_s)
        return found, age is Age.STALE or self._is_early(found.left_s, held.entry.cost_s)

    def _is_early(self, left_s: float, cost_s: float) -> bool:
        return may_be_early(left_s, cost_s) and refreshes_early(left_s, cost_s, self._dice())

    def _is_older(self, key: Key, entry: Entry) -> bool:
        """Than what this process has: a failover may have brought it back."""
        known = self.near.get(key.owner.tenant, key.text)
        return known is not None and _order(known.entry) > _order(entry)

    def _is_current(self, entry: Entry) -> bool:
        return self.heard.is_current(entry.as_of, entry.tags)

    def _read(self, shelf: Shelf[T], key: Key, raw: bytes | None) -> Held | None:
        if raw is None:
            return None
        entry = unseal(raw, key.text)
        if entry is not None and entry.made_ms > self._now_ms() + SKEW_MS:
            return None
        value = None if entry is None else _decoded(shelf, entry)
        if entry is None or value is None:
            self._counts.read(Read.POISONED, shelf.layer, None)
            return None
        return self._held(entry, value[0])

    def _entry(
        self, shelf: Shelf[T], key: Key, fetched: Fetched[T], as_of: int, cost_s: float
    ) -> Entry:
        now_ms = self._now_ms()
        made_ms = now_ms if fetched.made_ms is None else min(now_ms, fetched.made_ms)
        ends_ms = now_ms + spread(shelf.terms.fresh_s, self._dice()) * 1e3
        if fetched.fresh_until_ms is not None:
            ends_ms = min(ends_ms, fetched.fresh_until_ms)
        return Entry(
            key=key.text,
            as_of=as_of if fetched.as_of is None else min(as_of, fetched.as_of),
            made_ms=made_ms,
            fresh_s=(ends_ms - made_ms) / 1e3,
            cost_s=cost_s,
            tags=list(fetched.tags),
            facts=dict(fetched.facts),
            body=shelf.encode(fetched.value),
            until_ms=fetched.until_ms,
        )

    def _held(self, entry: Entry, value: Any) -> Held:
        now_ms, now_s = self._now_ms(), self._clock.monotonic_s()
        left_s = (entry.until_ms - now_ms) / 1e3 if entry.until_ms else float("inf")
        return Held(entry, value, now_s - max(0, now_ms - entry.made_ms) / 1e3, now_s + left_s)

    def _now_ms(self) -> int:
        return round(self._clock.now().timestamp() * 1e3)


def _found(held: Held, way: Way, now_s: float) -> Found[Any]:
    age_s = now_s - held.born_s
    return Found(held.value, way, held.entry, age_s, held.entry.fresh_s - age_s)


def _age(shelf: Shelf[Any], held: Held, now_s: float) -> Age:
    if now_s >= held.ends_s:
        return Age.DEAD
    return age_of(now_s - held.born_s, held.entry.fresh_s, shelf.terms)


def _order(entry: Entry) -> tuple[int, int]:
    return entry.as_of, entry.made_ms


def _decoded(shelf: Shelf[T], entry: Entry) -> tuple[T] | None:
    try:
        return (shelf.decode(entry.body),)
    except msgspec.MsgspecError:
        return None
