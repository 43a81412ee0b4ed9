"""The tables of analytics: how far it is in each feed, and what it has told."""

POSITIONS = """
CREATE TABLE positions (
    source text,
    partition smallint,
    position bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (source, partition)
)
"""

# Of a lesson of a person, or of an attempt: what need not be said again, and the statement to take
# back when a score changes.
TOLD = """
CREATE TABLE told (
    subject uuid PRIMARY KEY,
    begun boolean NOT NULL,
    completed boolean NOT NULL,
    scored uuid,
    score double precision,
    most double precision
)
"""

STATEMENTS = (POSITIONS, TOLD)
"""For a migration, which runs one statement at a time."""
