"""Makes the outbox's partitions before their day comes."""

from services.storage.db import Connection

DAYS_AHEAD = 7

# ATTACH, unlike CREATE TABLE ... PARTITION OF, lets writers go on. Two services that start at once
# take turns.
MAKE_AHEAD = f"""
DO $$
DECLARE
    day date;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('outbox partitions'));
    FOR ahead IN 0..{DAYS_AHEAD} LOOP
        day := current_date + ahead;
        name := 'outbox_' || to_char(day, 'YYYYMMDD');
        IF to_regclass(name) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE outbox INCLUDING ALL EXCLUDING IDENTITY)', name);
            EXECUTE format(
                'ALTER TABLE outbox ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                name, day, day + 1
            );
        END IF;
    END LOOP;
END
$$
"""


async def make_ahead(connection: Connection) -> None:
    """Today's and the next days', where they are missing."""
    await connection.execute(MAKE_AHEAD)
