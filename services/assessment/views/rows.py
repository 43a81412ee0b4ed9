"""Attempts as rows say them: whole, each with the definition that it keeps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from asyncpg import Record

from services.assessment.model.attempt import Attempt
from services.assessment.model.definition import Definition
from services.assessment.store import attempts
from services.assessment.store.definitions import versions
from services.assessment.views.asked import Asked
from services.assessment.views.known import Known

WHOLE = """
SELECT data::text AS attempt, (
    SELECT jsonb_agg(answers.data)::text FROM answers
    WHERE answers.tenant_id = $1 AND answers.assessment_id = attempts.assessment_id
        AND answers.user_id = attempts.user_id AND answers.preview = attempts.preview
        AND answers.number = attempts.number
) AS answers
FROM attempts
"""
OWN = f"""
{WHOLE}
WHERE tenant_id = $1 AND user_id = $2 AND assessment_id = ANY ($3::bigint[])
    AND state <> 'NOT_STARTED'
ORDER BY assessment_id, preview, number
"""
NAMED = f"""
{WHOLE} JOIN unnest($2::bigint[], $3::bigint[], $4::boolean[], $5::int[])
    AS wanted (assessment, person, is_preview, nth)
    ON assessment_id = assessment AND user_id = person AND preview = is_preview AND number = nth
WHERE tenant_id = $1
"""


@dataclass(frozen=True, slots=True)
class Whole:
    attempt: Attempt
    definition: Definition


async def own(asked: Asked, assessments: Iterable[int], there: dict[int, Known]) -> list[Whole]:
    """The viewer's own that were begun, in order."""
    rows = await asked.db.fetch(OWN, asked.tenant, asked.user, list(assessments))
    return await whole(asked, rows, there)


async def whole(asked: Asked, rows: Sequence[Record], there: dict[int, Known]) -> list[Whole]:
    """What was only made ahead is judged by what there is now."""
    read = [attempts.with_answers(attempts.read(row["attempt"]), row["answers"]) for row in rows]
    wanted = ((one.place.assessment, one.definition_version) for one in read)
    kept = await versions(asked.db, asked.tenant, wanted)
    return [
        Whole(
            one,
            kept.get((one.place.assessment, one.definition_version))
            or there[one.place.assessment].definition,
        )
        for one in read
    ]
