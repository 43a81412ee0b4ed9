"""Which finished attempts wait to be graded anew."""

# Of the assessment $2 by its regrade $4 of the item $3, behind (user $5, number $6), $7 at most.
WAITING = """
SELECT user_id, number FROM attempts
WHERE tenant_id = $1 AND assessment_id = $2 AND NOT preview
    AND (user_id, number) > ($5::bigint, $6::int)
    AND state IN ('SUBMITTED', 'PENDING_REVIEW', 'GRADED')
    AND NOT data -> 'regrades' @> to_jsonb($4::int)
    AND (data ->> 'definition_version')::int IN (
        SELECT version FROM definitions
        WHERE tenant_id = $1 AND assessment_id = $2
            AND data -> 'items' @> jsonb_build_array(jsonb_build_object('id', $3::text))
    )
ORDER BY user_id, number LIMIT $7
"""
