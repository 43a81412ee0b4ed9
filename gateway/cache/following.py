"""Follows the log of changes in Redis, and says there what changed through this gateway."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from redis.exceptions import RedisError

from gateway.cache.heard import Heard
from gateway.cache.patience import patience
from services.contracts.changes import (
    EVERYTHING,
    FIELD,
    MOST_ENTRIES,
    STREAM,
    BadEntry,
    tags_of,
    written,
)
from services.kit.ending import heed_cancellation
from services.kit.log import Log
from services.kit.owed import Owed
from services.kit.redis import AnyRedis

WAITS_MS = 500
ANSWERS_S = 1.5
"""A read that waits for rows, and what Redis may take beside."""
SAYS_S = 0.1
MOST_ROWS = 2_000
RETRY_S = 0.2
BEGINNING = "0-0"

log = Log("changes")


class Lost(RedisError):
    """What was known to be in the log is not there."""


class Following:
    """Hears while `run()` runs. What may have been lost is said to be changed: everything is."""

    def __init__(self, redis: AnyRedis, heard: Heard) -> None:
        self._redis = redis
        self._heard = heard
        self._last = BEGINNING
        self._owed: set[str] = set()
        """What this process said, and did not read yet."""
        self._unsaid = Owed()
        self._was_cut = False

    async def run(self) -> None:
        while True:
            try:
                if self._was_cut:
                    await self._doubt()
                await self._hear()
            except (RedisError, OSError, TimeoutError) as away:
                heed_cancellation()
                log.warning("changes.unheard", why=type(away).__name__)
                # Who is late has lost nothing: what is said meanwhile is read from there on.
                self._was_cut |= not isinstance(away, TimeoutError)
                await asyncio.sleep(RETRY_S)

    async def tell(self, tags: Sequence[str]) -> int:
        """Its position, and this process heeds it at once; 0 where it has to be said again."""
        try:
            async with patience(SAYS_S):
                id_ = await self._add(tags, "*")
        except (RedisError, OSError, TimeoutError) as away:
            log.warning("changes.unsaid", why=type(away).__name__)
            self._unsaid.add(tags)
            return 0
        return self._said(id_, tags)

    def _said(self, id_: str, tags: Sequence[str]) -> int:
        self._owed.add(id_)
        self._heard.note_own(position_of(id_), tags)
        return position_of(id_)

    async def _say_again(self) -> None:
        due = self._unsaid.take()
        try:
            async with patience(ANSWERS_S):
                self._said(await self._add(due, "*"), due)
        except BaseException:
            self._unsaid.add(due)
            raise

    async def close(self) -> None:
        await self._redis.aclose()

    async def _hear(self) -> None:
        while True:
            # The library may swallow that this task was cancelled.
            heed_cancellation()
            async with patience(ANSWERS_S):
                rows = await self._redis.xread({STREAM: self._last}, MOST_ROWS, WAITS_MS)
            if self._unsaid:
                await self._say_again()
            await self._look_back()
            entries = list(_read(rows))
            for id_, tags in entries:
                self._take(id_, tags)
            if len(entries) < MOST_ROWS:
                self._heard.lives()

    def _take(self, id_: str, tags: list[str]) -> None:
        """What was said before the first that is still there is not known."""
        is_first = self._last == BEGINNING
        self._last = id_
        self._owed.discard(id_)
        self._heard.note(position_of(id_), [EVERYTHING] if is_first else tags)
        if any(position_of(own) < position_of(id_) for own in self._owed):
            raise Lost(id_)

    async def _look_back(self) -> None:
        """Another server may have taken over, unseen, which lacks the end of the log."""
        known = max([self._last, *self._owed], key=position_of)
        if known == BEGINNING:
            return
        async with asyncio.timeout(ANSWERS_S):
            found = await self._redis.xrange(STREAM, known, known)
        if not found:
            raise Lost(known)

    async def _doubt(self) -> None:
        """After a failover the log may lack its end, and count from an older one."""
        async with patience(ANSWERS_S):
            said = await self._add([EVERYTHING], "*")
            if position_of(said) <= self._heard.position:
                said = await self._add([EVERYTHING], id_after(self._heard.position))
        self._heard.note(position_of(said), [EVERYTHING])
        self._last = said
        self._owed.clear()
        self._was_cut = False

    async def _add(self, tags: Sequence[str], id_: str) -> str:
        row: Any = {FIELD: written(tags)}
        added: Any = await self._redis.xadd(STREAM, row, id_, MOST_ENTRIES, approximate=True)
        return str(added.decode())


def position_of(id_: str) -> int:
    """Ids of a stream, in their order, as whole numbers."""
    ms, _, nth = id_.partition("-")
    return (int(ms) << 20) + min(int(nth), (1 << 20) - 1)


def id_after(position: int) -> str:
    return f"{(position >> 20) + 1}-0"


def _read(rows: Any) -> Iterator[tuple[str, list[str]]]:
    for _, of_stream in rows or ():
        for id_, fields in of_stream:
            yield id_.decode(), _tags(fields)


def _tags(fields: Any) -> list[str]:
    """Of an entry that another release wrote nothing is known: everything may have changed."""
    try:
        return tags_of(fields)
    except BadEntry:
        return [EVERYTHING]
