"""How many attempts at assessments are in which state, of both sides."""

from collections import defaultdict

from services.assessment.views.asked import Asked
from services.assessment.views.known import watched
from services.contracts.assessment import AttemptState, SubmissionCount
from services.contracts.question import Ids

# Counted in the index that submissions are paged by. A counter that is kept would be a row which
# everybody waits for who hands in.
COUNTS = """
SELECT assessment, state, sum(attempts)::bigint AS attempts
FROM unnest($2::bigint[]) AS wanted (assessment) CROSS JOIN LATERAL (
    SELECT state, count(*) AS attempts FROM attempts
    WHERE tenant_id = $1 AND assessment_id = assessment AND NOT preview
    GROUP BY state
    UNION ALL
    SELECT state, count(*) FROM past_attempts
    WHERE tenant_id = $1 AND assessment_id = assessment
    GROUP BY state
) AS of_a_side
GROUP BY assessment, state
"""


async def counts(asked: Asked, question: Ids) -> list[list[SubmissionCount] | None]:
    """Those states that any attempt is in, in the order of an attempt's life."""
    there = await watched(asked, question.ids)
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in await asked.db.fetch(COUNTS, asked.tenant, list(there)):
        found[row["assessment"]][row["state"]] = row["attempts"]
    return [_counts(found[one]) if one in there else None for one in question.ids]


def _counts(found: dict[str, int]) -> list[SubmissionCount]:
    return [SubmissionCount(state, found[state]) for state in AttemptState if state in found]
