"""The issuer's keys by their address: read in the background, never in a request's way."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from math import inf
from typing import Any, NoReturn

import msgspec

from gateway.identity.kept_keys import KeptKeys
from gateway.identity.keys import Key, ring_of
from services.contracts.errors import UpstreamError, UpstreamMisbehaved
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.http import Call, Transport
from services.kit.log import Log
from services.kit.told import told

log = Log("jwks")
Fetch = Callable[[], Awaitable[dict[str, Any]]]
LEAST_S = 30.0
"""Between two readings, whatever key ids are asked for."""
EVERY_S = 300.0
UNTIL_FIRST_S = 2.0
STALE_S = 86_400.0
"""So long are keys good that cannot be read anew."""
FETCH_S = 3.0


def fetch_of(transport: Transport, url: str, clock: Clock) -> Fetch:
    async def fetch() -> dict[str, Any]:
        reply = await transport.send(Call("jwks", "GET", url), Deadline.within(clock, FETCH_S))
        if reply.status != 200:
            raise UpstreamMisbehaved(f"status {reply.status}")
        return msgspec.json.decode(reply.body, type=dict[str, Any])

    return fetch


class FetchedKeys:
    """Empty until `watch()` has read them; an unknown key id makes it read again, but seldom.

    Those that were `kept` are taken where the first reading fails, and for no longer than others.
    """

    def __init__(self, fetch: Fetch, clock: Clock, kept: KeptKeys) -> None:
        self._fetch = fetch
        self._kept = kept
        self._clock = clock
        self._ring: dict[str, Key] = {}
        self._read_s = 0.0
        self._asked_s = -inf
        self._wanted = asyncio.Event()
        self.generation = 0

    def find(self, kid: str) -> Key | None:
        key = self._ring.get(kid)
        if key is None:
            self._wanted.set()
        return key

    def has_any(self) -> bool:
        """Without one, every token is refused."""
        return bool(self._ring)

    async def watch(self) -> NoReturn:
        while True:
            await self.refresh()
            if self._ring:
                await self._wait()
            else:
                await asyncio.sleep(UNTIL_FIRST_S)

    async def refresh(self) -> None:
        """What cannot be read leaves the keys as they are, for as long as they are good."""
        self._wanted.clear()
        try:
            jwks = await self._fetch()
            self._take(ring_of(jwks))
        except (UpstreamError, ValueError, msgspec.MsgspecError) as failed:
            log.warning("jwks.failed", why=told(failed))
            self._make_do()
        else:
            await self._kept.keep(jwks)

    def _make_do(self) -> None:
        if not self._ring and (found := self._kept.find(STALE_S)):
            jwks, age_s = found
            with suppress(ValueError):
                self._take(ring_of(jwks), age_s)
        elif self._clock.monotonic_s() - self._read_s > STALE_S:
            self._take({})

    def _take(self, ring: dict[str, Key], age_s: float = 0.0) -> None:
        """Tokens that were verified by other keys are verified anew."""
        self._read_s = self._clock.monotonic_s() - age_s
        if ring != self._ring:
            self._ring = ring
            self.generation += 1
            log.info("jwks.changed", keys=sorted(ring))

    async def _wait(self) -> None:
        """Until it is time, or until an unknown key id is asked for, though not too often."""
        try:
            async with asyncio.timeout(EVERY_S):
                await self._wanted.wait()
                await asyncio.sleep(self._asked_s + LEAST_S - self._clock.monotonic_s())
        except TimeoutError:
            return
        self._asked_s = self._clock.monotonic_s()
