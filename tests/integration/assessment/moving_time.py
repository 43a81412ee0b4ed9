"""Moves one tenant's time: in a test's own database `exam_now()` says what the tenant's is."""

MOVABLE = """
CREATE TABLE test_time (tenant_id text PRIMARY KEY, ahead interval NOT NULL, at timestamptz);
GRANT SELECT ON test_time TO PUBLIC;
CREATE OR REPLACE FUNCTION exam_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(max(at), clock_timestamp()) + coalesce(max(ahead), interval '0')
    FROM test_time WHERE tenant_id = current_setting('banyan.tenant', true)
$$
"""
PASS = """
INSERT INTO test_time AS known (tenant_id, ahead) VALUES ($1, $2)
ON CONFLICT (tenant_id) DO UPDATE SET ahead = known.ahead + excluded.ahead
"""
# From then on the tenant's time passes only where a test says so.
STOP = """
INSERT INTO test_time (tenant_id, ahead, at) VALUES ($1, '0', $2)
ON CONFLICT (tenant_id) DO UPDATE SET ahead = excluded.ahead, at = excluded.at
"""
NOW = """
SELECT coalesce(max(at), clock_timestamp()) + coalesce(max(ahead), interval '0')
FROM test_time WHERE tenant_id = $1
"""
