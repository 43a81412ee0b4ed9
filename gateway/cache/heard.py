"""What this process has heard of the log of changes: which entries are older than a change."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable

from services.contracts.changes import EVERYTHING
from services.kit.clock import Clock

MOST_TAGS = 200_000
DEAF_AFTER_S = 2.0


class Heard:
    """Positions are those of the log. A tag that is not remembered was changed before `floor`."""

    def __init__(self, clock: Clock, most_tags: int = MOST_TAGS) -> None:
        self._clock = clock
        self._most_tags = most_tags
        self._at: OrderedDict[str, int] = OrderedDict()
        self._floor = 0
        self._alive_until_s = 0.0
        self._news = asyncio.Event()
        self._heeded = 0
        self.notes = 0
        """How often anything was said to be changed."""
        self.position = 0
        """The newest that is known to be in the log: what is fetched from now on is as of there."""

    @property
    def heeded(self) -> int:
        """All that was said up to there is heard."""
        return self._heeded

    @property
    def is_deaf(self) -> bool:
        """Whether there may be changes that were not heard of for long."""
        return self._clock.monotonic_s() >= self._alive_until_s

    @property
    def hears_s(self) -> float:
        """For so long from now it is not deaf, whatever comes."""
        return self._alive_until_s - self._clock.monotonic_s()

    def lives(self) -> None:
        """Everything that was said by now is heard."""
        self._alive_until_s = self._clock.monotonic_s() + DEAF_AFTER_S

    def note(self, position: int, tags: Iterable[str]) -> None:
        """What was said there, and all that was said before it is noted."""
        self._mark(position, tags)
        self._heeded = max(self._heeded, position)
        self._news.set()
        self._news = asyncio.Event()

    def note_own(self, position: int, tags: Iterable[str]) -> None:
        """What this process said itself: others may have said something before it, unheard yet."""
        self._mark(position, tags)

    async def reaches(self, position: int, within_s: float) -> bool:
        """Whether all that was said up to there is heard by now, or so soon."""
        return await self._within(within_s, lambda: self._heeded >= position)

    async def told(self, tag: str, after: int, within_s: float) -> int:
        """Where a change of the tag was said after that position; 0 if it was not so soon."""
        await self._within(within_s, lambda: self._last(tag) > after)
        return self._last(tag) if self._last(tag) > after else 0

    async def _within(self, within_s: float, claim: Callable[[], bool]) -> bool:
        if claim():
            return True
        try:
            async with asyncio.timeout(within_s):
                while not claim():
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    def _last(self, tag: str) -> int:
        return max(self._floor, self._at.get(tag, 0))

    def is_current(self, as_of: int, tags: Iterable[str]) -> bool:
        """Whether none of the tags was changed after `as_of`."""
        if as_of < self._floor:
            return False
        return all(self._at.get(tag, 0) <= as_of for tag in tags)

    def _mark(self, position: int, tags: Iterable[str]) -> None:
        self.notes += 1
        for tag in tags:
            if tag == EVERYTHING:
                self._floor = max(self._floor, position)
            else:
                self._at[tag] = max(position, self._at.pop(tag, 0))
        while len(self._at) > self._most_tags:
            _, oldest = self._at.popitem(last=False)
            self._floor = max(self._floor, oldest)
        self.position = max(self.position, position)
