"""One replica of an app's database, asked only for what it has seen itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar

import asyncpg

from services.contracts.freshness import Seen
from services.events.absence import Absence
from services.kit.answering import AWAY
from services.kit.clock import Clock
from services.kit.log import Log
from services.storage import db
from services.storage.db import Connection, Pool

A = TypeVar("A")

ANSWER_S = 0.25
"""So long it may take to connect, and to say how far it is."""

LAG_S = 10.0
"""So old it may be for those who have no token, by what it has replayed last."""

STANDING = """
SELECT coalesce(
        pg_is_in_recovery() AND clock_timestamp() - pg_last_xact_replay_timestamp() <= $3, false
    ) AS is_near,
    NOT EXISTS (
        SELECT FROM unnest($1::text[], $2::bigint[]) AS seen (stream, version)
        LEFT JOIN applied USING (stream)
        WHERE applied.version IS NULL OR applied.version < seen.version
    ) AS has_seen
"""

log = Log("replica")


class Unfit(Exception):
    """This is to be asked of another."""


class Behind(Unfit):
    """It follows its primary, and has not seen yet what the viewer has."""


class TooFar(Unfit):
    """It follows nobody any more, or too slowly."""


class Replica:
    def __init__(self, name: str, pool: Pool, clock: Clock) -> None:
        self._name = name
        self._pool = pool
        self._clock = clock
        self._absence = Absence(clock)

    def may_be_asked(self) -> bool:
        return self._absence.may_try()

    async def look(
        self, seen: Seen, within_s: float, view: Callable[[Connection], Awaitable[A]]
    ) -> A:
        """What the view says of one snapshot, in which everything `seen` is; raises Unfit."""
        since_s = self._clock.monotonic_s()
        try:
            async with asyncio.timeout(within_s), self._reading(seen) as connection:
                answer = await view(connection)
        except (Behind, asyncpg.DataError):
            self._absence.end(since_s)
            raise
        except (*AWAY, TimeoutError, TooFar) as failed:
            self._absence.begin(since_s)
            log.warning("replica.left_out", replica=self._name, why=repr(failed))
            raise Unfit(self._name) from failed
        self._absence.end(since_s)
        return answer

    @asynccontextmanager
    async def _reading(self, seen: Seen) -> AsyncIterator[Connection]:
        async with asyncio.timeout(ANSWER_S) as patience:
            async with db.reading(self._pool) as connection:
                await self._check(connection, seen)
                patience.reschedule(None)
                yield connection

    async def _check(self, connection: Connection, seen: Seen) -> None:
        standing = await connection.fetchrow(
            STANDING, list(seen), list(seen.values()), timedelta(seconds=LAG_S)
        )
        if standing is None or not standing["is_near"]:
            raise TooFar
        if not standing["has_seen"]:
            raise Behind
