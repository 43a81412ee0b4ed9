"""Fetches what a projection misses of a stream, before it applies what follows."""

from collections.abc import Sequence
from typing import Protocol

from services.contracts.events import Event
from services.events import applied
from services.events.news import Gap, news
from services.storage.db import Pool

MOST_GAPS = 20
"""A batch ends before one more: what it misses is asked for stream by stream."""

KNOWN = """
SELECT given.stream, greatest(coalesce(applied.version, $2::bigint), max(parked.version)) AS version
FROM unnest($1::text[]) AS given (stream)
LEFT JOIN applied ON applied.stream = given.stream
LEFT JOIN parked ON parked.source || ':' || parked.stream = given.stream
GROUP BY given.stream, applied.version
"""


class Remembers(Protocol):
    """A feed, which may have pruned what is asked for."""

    async def of_stream(self, stream: str, after: int, until: int) -> list[Event]:
        """Versions between the two, ascending, so many at once as it likes; raises FeedError."""


async def filled(pool: Pool, feed: Remembers, events: Sequence[Event]) -> list[Event]:
    """The batch with what was missing; cut short where it misses too much at once."""
    streams = list({applied.key(event) for event in events})
    rows = await pool.fetch(KNOWN, streams, applied.NOTHING)
    found = news(events, {row["stream"]: row["version"] for row in rows})
    gaps = {(gap.stream, gap.version): gap for gap in found.gaps}
    if not gaps:
        return list(events)
    complete: list[Event] = []
    for event in events:
        gap = gaps.pop((applied.key(event), event.version), None)
        if gap is not None and len(found.gaps) - len(gaps) > MOST_GAPS:
            break
        complete += [*(await _missing(feed, event.stream, gap) if gap else []), event]
    return complete


async def _missing(feed: Remembers, stream: str, gap: Gap) -> list[Event]:
    missing: list[Event] = []
    after = max(gap.known, 0)
    while after < gap.version - 1:
        some = await feed.of_stream(stream, after, gap.version)
        if not some:
            break
        missing += some
        after = some[-1].version
    return missing
