"""Whether an assessment is over for everybody, so that who took it may see the right answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.assessment.model.accommodation import NOTHING, Accommodation
from services.assessment.model.definition import Definition
from services.assessment.model.moment import LONGEST_WAIT
from services.assessment.model.times import late_span
from services.assessment.model.window import later, window
from services.assessment.views.asked import Asked

# The most that anybody has, and whether anybody is at it, on either side.
EVERYBODY = """
SELECT assessment, multiplier, extra_s,
    EXISTS (
        SELECT FROM attempts WHERE tenant_id = $1 AND assessment_id = assessment
            AND state IN ('IN_PROGRESS', 'OVERDUE') AND NOT preview
    ) OR EXISTS (
        SELECT FROM past_attempts WHERE tenant_id = $1 AND assessment_id = assessment
            AND state IN ('IN_PROGRESS', 'OVERDUE')
    ) AS is_open
FROM unnest($2::bigint[]) AS wanted (assessment) CROSS JOIN LATERAL (
    SELECT coalesce(max(multiplier), 1) AS multiplier, coalesce(max(extra_s), 0) AS extra_s
    FROM accommodations WHERE tenant_id = $1 AND assessment_id = assessment
) AS most
"""


@dataclass(frozen=True, slots=True)
class Everybody:
    most: Accommodation
    is_open: bool

    def is_over(self, definition: Definition, now: datetime) -> bool:
        ends_at = over_at(definition, self.most, now)
        return not self.is_open and ends_at is not None and now > ends_at


async def everybody(asked: Asked, assessments: Iterable[int]) -> dict[int, Everybody]:
    if not (wanted := list(set(assessments))):
        return {}
    rows = await asked.db.fetch(EVERYBODY, asked.tenant, wanted)
    return {
        row["assessment"]: Everybody(
            Accommodation(row["multiplier"], timedelta(seconds=row["extra_s"])), row["is_open"]
        )
        for row in rows
    }


def over_at(definition: Definition, most: Accommodation, now: datetime) -> datetime | None:
    """When nobody can begin any more, and whatever is under way has come; None: never."""
    closes_at = window(definition, most, now).closes_at
    late = NOTHING if definition.time_limit is not None else late_span(definition)
    return later(closes_at, late, definition.grace, LONGEST_WAIT)
