"""When the service last served, and the spans in which it did not."""

from datetime import timedelta

import msgspec

from services.assessment.model.span import Span
from services.storage.db import Connection

SILENT_S = 10.0
"""Whoever is away for less is met by those who try again."""
EDGE_S = 2.5
"""What was done so close to an end of a silence says nothing of what lay in it."""

# A command amid the silence was taken by somebody who does not beat: a process of an older release.
# Of two that come back together one finds the silence: the other waits for the row, and sees that
# there is none any more.
BEAT = """
WITH last AS MATERIALIZED (SELECT at FROM beat FOR UPDATE), away AS (
    INSERT INTO outages (since, until) SELECT at, clock_timestamp() FROM last
    WHERE at < clock_timestamp() - $1::interval AND NOT EXISTS (
        SELECT FROM command_keys WHERE command_keys.at
            BETWEEN last.at + $2::interval AND clock_timestamp() - $2::interval
    )
    RETURNING since, until
), beaten AS (
    INSERT INTO beat (at) SELECT clock_timestamp() FROM (SELECT count(*) FROM last) AS known
    ON CONFLICT (one) DO UPDATE SET at = greatest(beat.at, excluded.at)
)
SELECT since, until FROM away
"""
SILENCE = "coalesce((SELECT clock_timestamp() - at FROM beat), interval '0')"
"""How long nobody could have served, as far as is known by now; nothing where nobody ever beat."""

UNCREDITED = """(
    SELECT jsonb_agg(jsonb_build_object('since', since, 'until', until) ORDER BY since)::text
    FROM outages WHERE credited_at IS NULL
)"""
PENDING = """
SELECT id, since, until FROM outages WHERE credited_at IS NULL ORDER BY since LIMIT 1
"""
CREDITED = "UPDATE outages SET credited_at = clock_timestamp() WHERE id = $1"

_spans = msgspec.json.Decoder(list[Span])


async def beat(db: Connection) -> Span | None:
    """Says that the service serves, in a statement of its own; gives the outage that ends so."""
    row = await db.fetchrow(BEAT, timedelta(seconds=SILENT_S), timedelta(seconds=EDGE_S))
    return Span(row["since"], row["until"]) if row else None


def is_silent(silence: timedelta) -> bool:
    """Whether it is an outage that nobody has noted yet."""
    return silence > timedelta(seconds=SILENT_S)


def spans(said: str | None) -> list[Span]:
    """Of the column made by UNCREDITED."""
    return _spans.decode(said) if said else []
