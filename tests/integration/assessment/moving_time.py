"""Moves one tenant's time: in a test's own database `exam_now()` says what the tenant's is."""

MOVABLE = """
CREATE TABLE test_time (tenant_id text PRIMARY KEY, ahead interval NOT NULL);
GRANT SELECT ON test_time TO PUBLIC;
CREATE OR REPLACE FUNCTION exam_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT clock_timestamp() + coalesce((
        SELECT ahead FROM test_time WHERE tenant_id = current_setting('banyan.tenant', true)
    ), interval '0')
$$
"""
PASS = """
INSERT INTO test_time AS known (tenant_id, ahead) VALUES ($1, $2)
ON CONFLICT (tenant_id) DO UPDATE SET ahead = known.ahead + excluded.ahead
"""
NOW = """
SELECT clock_timestamp() + coalesce(
    (SELECT ahead FROM test_time WHERE tenant_id = $1), interval '0'
)
"""
