"""Classes as they are held: one row each, with everybody in it, and what changes told as of others.

Who comes, goes and raises a hand is told to nobody: only that a class is opened, begun and ended.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

ROOMS = """
CREATE TABLE rooms (
    tenant_id text NOT NULL,
    class_id bigint NOT NULL,
    course_id bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'live', 'ended')),
    opened timestamp NOT NULL,
    people jsonb NOT NULL DEFAULT '{}',
    hands jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, class_id)
)
"""
TELL = """
CREATE FUNCTION tell_rooms_{operation}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (tenant_id, stream, version, data, traceparent)
    SELECT *, nullif(current_setting('monolith.traceparent', true), '')
    FROM (
        SELECT tenant_id, stream, next_version(stream) AS version, data FROM (
            SELECT tenant_id, 'room/' || tenant_id || '/' || class_id AS stream,
                jsonb_build_object('course', new_rows.course_id, 'state', new_rows.state) AS data
            FROM new_rows {changed}
        ) AS news ORDER BY stream
    ) AS numbered;
    RETURN NULL;
END $$
"""
ON = """
CREATE TRIGGER tell_rooms_{operation} AFTER {operation} ON rooms REFERENCING {seen}
FOR EACH STATEMENT EXECUTE FUNCTION tell_rooms_{operation}()
"""
CHANGED = """
JOIN old_rows USING (tenant_id, class_id)
WHERE old_rows.state IS DISTINCT FROM new_rows.state
"""
TOLD = {
    "INSERT": ("NEW TABLE AS new_rows", ""),
    "UPDATE": ("OLD TABLE AS old_rows NEW TABLE AS new_rows", CHANGED),
}


def upgrade() -> None:
    op.execute(ROOMS)
    for operation, (seen, changed) in TOLD.items():
        op.execute(TELL.format(operation=operation, changed=changed))
        op.execute(ON.format(operation=operation, seen=seen))


def downgrade() -> None:
    op.execute("DROP TABLE rooms")
    for operation in TOLD:
        op.execute(f"DROP FUNCTION tell_rooms_{operation}")
