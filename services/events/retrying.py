"""Tries parked events again: of a stream in order, up to the first that fails still."""

from services.events import applied, parked
from services.events.news import News, news
from services.events.sieve import Applies, Sieve
from services.storage import db
from services.storage.db import Connection, Pool

WAITING = """
SELECT DISTINCT source, stream FROM parked
WHERE ($1::text IS NULL OR source = $1) AND ($2::int IS NULL OR partition = $2)
ORDER BY source, stream
"""

Stream = tuple[str, str]
"""A source, and a stream's name in it."""


async def waiting(
    pool: Pool, source: str | None = None, partition: int | None = None
) -> list[Stream]:
    """The streams of which anything is parked."""
    rows = await pool.fetch(WAITING, source, partition)
    return [(row["source"], row["stream"]) for row in rows]


async def retry(pool: Pool, projection: Applies, stream: Stream) -> News:
    """What was applied, to be announced, and what stays parked."""
    async with db.transaction(pool) as connection:
        return await retry_in(connection, projection, stream)


async def retry_in(connection: Connection, projection: Applies, stream: Stream) -> News:
    key = ":".join(stream)
    # The projector locks the same row before it parks: nothing comes behind our back.
    version = (await applied.lock_streams(connection, [key]))[key]
    await parked.unpark(connection, *stream, version)
    found = news(await parked.of_stream(connection, *stream), {key: version})
    sieve = Sieve(connection, projection, {})
    await sieve.sift(found.fresh)
    if sieve.applied:
        await applied.mark(connection, sieve.applied)
        await parked.unpark(connection, *stream, sieve.applied[-1].version)
    await parked.park(connection, sieve.held)
    return News(sieve.applied, found.gaps, sieve.held)
