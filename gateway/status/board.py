"""How the platform's move stands, as this process knows it: found out once for all who look."""

import asyncio

from gateway.realtime.heed import Heed
from gateway.status.composing import EVERY_S, Composer
from resolvers.platform import says
from resolvers.topics import Hearing, News
from services.contracts.status import PlatformStatus
from services.kit.clock import Clock
from services.kit.log import Log

CHANGES = "status"
WAIT_S = 0.3
"""Whoever looks waits so long for what is new; then they are told what is known."""

log = Log("status")


class Board:
    """Kept while `run()` runs: at most once a second, and only where somebody looks."""

    def __init__(self, composer: Composer, clock: Clock) -> None:
        self._composer = composer
        self._clock = clock
        self._last = composer.known()
        self._composed_s = float("-inf")
        self._wanted = asyncio.Event()
        self._turn = asyncio.Event()
        """Set, and replaced, at each composing; `_news` only where it says something else."""
        self._news = asyncio.Event()
        self._listening = 0
        self._heard: dict[News, None] = {}

    async def now(self) -> PlatformStatus:
        """At most a second old, unless it could not be found out."""
        if self._clock.monotonic_s() - self._composed_s >= EVERY_S:
            self._wanted.set()
            try:
                async with asyncio.timeout(WAIT_S):
                    await self._turn.wait()
            except TimeoutError:
                return self._last
        return self._last

    async def after(self, told: PlatformStatus) -> PlatformStatus:
        if says(told) != says(self._last):
            return self._last
        self._listening += 1
        self._wanted.set()
        try:
            await self._news.wait()
        finally:
            self._listening -= 1
        return self._last

    def hear(self, news: News) -> Hearing:
        self._heard[news] = None
        self._wanted.set()
        return Heed(self, CHANGES, news)

    async def opened(self, topic: str) -> None:
        """At once: it is told by this process."""

    def forget(self, topic: str, news: News) -> None:
        del self._heard[news]

    async def run(self) -> None:
        while True:
            await self._wanted.wait()
            try:
                self._take(await self._composer.compose())
            except Exception as unforeseen:
                log.error("status.failed", unforeseen)
            if not self._listening and not self._heard:
                self._wanted.clear()
            await asyncio.sleep(EVERY_S)

    def _take(self, status: PlatformStatus) -> None:
        is_news = says(status) != says(self._last)
        self._last, self._composed_s = status, self._clock.monotonic_s()
        self._turn.set()
        self._turn = asyncio.Event()
        if is_news:
            self._news.set()
            self._news = asyncio.Event()
            for news in tuple(self._heard):
                news(None)
