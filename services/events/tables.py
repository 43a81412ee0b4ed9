"""The tables of events that stand in each app's database: its outbox, its feed, its projections.

A writer locks its stream's row in `streams` before it inserts into `outbox`, so that the rows of a
stream which anybody can see are always a prefix of its events. The relay gives them a `position`.
"""

from services.contracts.events import PARTITIONS
from services.events.partitions import MAKE_AHEAD

STREAMS = """
CREATE TABLE streams (
    stream text PRIMARY KEY,
    version bigint NOT NULL
)
"""

# PARTITIONS is a power of two: the mask is one less.
OUTBOX = f"""
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY,
    day date NOT NULL DEFAULT current_date,
    tenant_id text NOT NULL,
    stream text NOT NULL,
    version bigint NOT NULL,
    partition smallint NOT NULL GENERATED ALWAYS AS (hashtext(stream) & {PARTITIONS - 1}) STORED,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    data jsonb NOT NULL,
    traceparent text,
    position bigint,
    PRIMARY KEY (day, id)
) PARTITION BY RANGE (day)
"""

UNSENT = "CREATE INDEX outbox_unsent ON outbox (partition, id) WHERE position IS NULL"

SENT = "CREATE INDEX outbox_sent ON outbox (partition, position)"

RELAY_POSITIONS = """
CREATE TABLE relay_positions (
    partition smallint PRIMARY KEY,
    position bigint NOT NULL DEFAULT 0
)
"""

BEGIN_AT_ZERO = f"""
INSERT INTO relay_positions (partition) SELECT generate_series(0, {PARTITIONS - 1})
"""

CONSUMERS = """
CREATE TABLE consumers (
    name text,
    partition smallint,
    position bigint NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, partition)
)
"""

POSITIONS = """
CREATE TABLE positions (
    source text,
    partition smallint,
    position bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (source, partition)
)
"""

APPLIED = """
CREATE TABLE applied (
    stream text PRIMARY KEY,
    version bigint NOT NULL
)
"""

# What cannot be applied, and what waits behind it; `why` is of those that were tried. `data` is
# text: what cannot be read need not be such JSON as PostgreSQL keeps.
PARKED = f"""
CREATE TABLE parked (
    source text,
    stream text,
    version bigint,
    partition smallint NOT NULL GENERATED ALWAYS AS (hashtext(stream) & {PARTITIONS - 1}) STORED,
    position bigint NOT NULL,
    tenant_id text NOT NULL,
    at timestamptz NOT NULL,
    data text NOT NULL,
    traceparent text,
    why text,
    tried int NOT NULL DEFAULT 0,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (source, stream, version)
)
"""

SKIPPED = """
CREATE TABLE skipped (
    source text,
    stream text,
    version bigint,
    tenant_id text NOT NULL,
    at timestamptz NOT NULL,
    data text NOT NULL,
    why text,
    skipped_by text NOT NULL,
    reason text NOT NULL,
    skipped_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (source, stream, version)
)
"""

FEED_TABLES = (RELAY_POSITIONS, BEGIN_AT_ZERO, CONSUMERS)
"""What a feed keeps beside the table it reads, whatever that table is called."""

PROJECTION_TABLES = (POSITIONS, APPLIED)
"""What a projector keeps beside its projection."""

PARKING = (PARKED, SKIPPED)
"""What a projector keeps of events that it could not apply."""

OUTGOING = (STREAMS, OUTBOX, UNSENT, SENT, MAKE_AHEAD, *FEED_TABLES)
"""What an app keeps that tells events of its own."""

STATEMENTS = (*OUTGOING, *PROJECTION_TABLES)
"""For a migration, which runs one statement at a time: `for it in STATEMENTS: op.execute(it)`."""

TABLES = ";\n".join((*STATEMENTS, *PARKING))
"""All of them as one text."""
