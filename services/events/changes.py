"""Says in the change log what has changed, and EVERYTHING where it cannot know what was heard."""

import asyncio
from collections.abc import Sequence

from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from services.contracts.changes import EVERYTHING, FIELD, MOST_ENTRIES, STREAM, written
from services.events.duty import Duty
from services.events.topics import PUBLISH_S, SILENT_S
from services.kit.clock import Clock
from services.kit.ending import heed_cancellation
from services.kit.log import Log
from services.kit.owed import Owed
from services.kit.redis import redis_of

CHECK_S = 0.5
"""How often it is asked whether what was said last is there still."""
BROKEN = (OSError, RedisError, TimeoutError)
ALL = [EVERYTHING]

log = Log("changes")


class Changes:
    """What one process says. It doubts at its start: the one before may have died unheard.

    Redis may lose the newest entries when another takes over: then the last one is gone, and all
    before it may be. So the last is looked for with each new one, and while there is none. What
    could not be said is owed, and said with the next word: EVERYTHING has all who listen ask
    again, which on a busy machine makes the next word late, too.
    """

    def __init__(self, redis_url: str, clock: Clock) -> None:
        self._clock = clock
        self._silent_until_s = 0.0
        self._doubts, self._settled = 1, 0
        self._last: bytes | None = None
        self._owed = Owed()
        self._redis = redis_of(
            redis_url,
            socket_connect_timeout=PUBLISH_S,
            retry=Retry(NoBackoff(), 0),
        )

    async def tell(self, tags: Sequence[str]) -> None:
        """Never fails, and takes PUBLISH_S at most."""
        if tags:
            await self._say(tags)

    async def tell_everything(self) -> None:
        """Something may have changed that nobody has said."""
        self._doubt()
        await self._say(())

    def duty(self) -> Duty:
        return Duty("changes", self._keep)

    async def close(self) -> None:
        """Whoever ends says what it owes, if it can."""
        if (self._is_in_doubt or self._owed) and self._last is not None:
            await self._say(())
        await self._redis.aclose()

    async def _keep(self) -> None:
        while True:
            await self._say(())
            heed_cancellation()
            await asyncio.sleep(CHECK_S)

    @property
    def _is_in_doubt(self) -> bool:
        return self._doubts > self._settled

    def _doubt(self) -> None:
        self._doubts += 1

    async def _say(self, tags: Sequence[str]) -> None:
        """These, and what is owed."""
        self._owed.add(tags)
        if self._clock.monotonic_s() < self._silent_until_s:
            return
        due, is_heard = self._owed.take(), False
        try:
            async with asyncio.timeout(PUBLISH_S):
                await self._send(due)
            is_heard = True
        except BROKEN as failed:
            self._silent_until_s = self._clock.monotonic_s() + SILENT_S
            log.warning("changes.silent", tags=len(due), why=type(failed).__name__)
        finally:
            if not is_heard:
                self._owed.add(due)

    async def _send(self, tags: Sequence[str]) -> None:
        doubts = self._doubts
        is_there = await self._write(ALL if doubts > self._settled else tags)
        if not is_there:
            self._doubt()
            doubts, self._last = self._doubts, None
            await self._write(ALL)
        self._settled = max(self._settled, doubts)

    async def _write(self, tags: Sequence[str]) -> bool:
        """Whether what was said last before is there."""
        last = self._last
        async with self._redis.pipeline(transaction=False) as pipe:
            if last is not None:
                pipe.xrange(STREAM, last, last)
            if tags:
                pipe.xadd(STREAM, {FIELD: written(tags)}, maxlen=MOST_ENTRIES, approximate=True)
            answers = await pipe.execute() if last is not None or tags else []
        if tags:
            self._last = max(answers[-1], self._last or b"", key=_place)
        return last is None or bool(answers[0])


def _place(entry: bytes) -> tuple[int, ...]:
    """Of an entry among the others; before all where there is none."""
    return tuple(int(part) for part in entry.split(b"-") if part)
