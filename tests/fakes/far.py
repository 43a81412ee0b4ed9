"""Entries and leases of all processes, in memory."""

import asyncio
from collections import defaultdict
from itertools import count

from gateway.cache.envelope import MOST_BYTES
from gateway.cache.far import AWAY, HELD, Claim, Standing
from services.kit.clock import Clock


class FakeFar:
    """Where `is_away` it neither says nor keeps anything."""

    def __init__(self, clock: Clock) -> None:
        self.is_away = False
        self._clock = clock
        self._tokens = count(1)
        self._entries: dict[str, tuple[bytes, float]] = {}
        self._leases: dict[str, tuple[str, float]] = {}
        self._ended: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def get(self, name: str) -> bytes | None:
        body, ends_s = self._entries.get(name, (b"", 0.0))
        return None if self.is_away or self._is_over(ends_s) else body or None

    async def claim(self, name: str, lasts_s: float) -> Claim:
        if self.is_away:
            return AWAY
        if self._holder(name) is not None:
            return HELD
        token = str(next(self._tokens))
        self._leases[name] = token, self._until_s(lasts_s)
        return Claim(Standing.OURS, token)

    async def put(self, name: str, token: str, body: bytes, lasts_s: float) -> bool:
        if self.is_away or self._holder(name) != token:
            return False
        if is_kept := len(body) <= MOST_BYTES:
            await self.set(name, body, lasts_s)
        await self.release(name, token)
        return is_kept

    async def set(self, name: str, body: bytes, lasts_s: float) -> None:
        if not self.is_away and len(body) <= MOST_BYTES:
            self._entries[name] = body, self._until_s(lasts_s)

    async def release(self, name: str, token: str) -> None:
        if not self.is_away and self._holder(name) == token:
            del self._leases[name]
            self._ended.pop(name, asyncio.Event()).set()

    async def awaited(self, name: str, at_most_s: float) -> None:
        if self.is_away or self._holder(name) is None:
            return
        try:
            async with asyncio.timeout(at_most_s):
                await self._ended[name].wait()
        except TimeoutError:
            pass

    def _holder(self, name: str) -> str | None:
        token, ends_s = self._leases.get(name, ("", 0.0))
        return None if self._is_over(ends_s) else token

    def _until_s(self, lasts_s: float) -> float:
        return self._clock.monotonic_s() + lasts_s

    def _is_over(self, ends_s: float) -> bool:
        return self._clock.monotonic_s() >= ends_s
