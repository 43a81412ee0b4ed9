"""Everybody's attempts at assessments, of both sides, for those who watch over them."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec
from asyncpg import Record

from services.assessment.model.shown import shown
from services.assessment.views import past
from services.assessment.views.asked import Asked
from services.assessment.views.known import Known, watched
from services.assessment.views.rows import Whole, whole
from services.contracts.assessment import Attempt, AttemptState
from services.contracts.assessment_api import Submissions, SubmissionsPart
from services.contracts.events import PastAttempt

# Each state of either side gives as many as the page may hold, out of an index that knows no more
# than their places; what is in them is read of those on the page alone.
PLACES = """
    SELECT places.* FROM unnest($6::text[]) AS wanted (one) CROSS JOIN LATERAL (
        SELECT user_id, number, {is_ours} AS is_ours FROM {table}
        WHERE tenant_id = $1 AND assessment_id = assessment AND state = one {more}
            AND (user_id, number) > ($3::bigint, $4::int)
        ORDER BY user_id, number LIMIT $5
    ) AS places
"""
OURS = PLACES.format(table="attempts", is_ours=True, more="AND NOT preview")
THEIRS = PLACES.format(table="past_attempts", is_ours=False, more="")
PAGE = f"""
SELECT assessment AS assessment_id, page.*, CASE WHEN is_ours THEN (
    SELECT data::text FROM attempts
    WHERE tenant_id = $1 AND assessment_id = assessment AND user_id = page.user_id
        AND NOT preview AND number = page.number
) ELSE (
    SELECT data::text FROM past_attempts
    WHERE tenant_id = $1 AND assessment_id = assessment AND user_id = page.user_id
        AND number = page.number
) END AS attempt, CASE WHEN is_ours THEN (
    SELECT jsonb_agg(data)::text FROM answers
    WHERE tenant_id = $1 AND assessment_id = assessment AND user_id = page.user_id
        AND NOT preview AND number = page.number
) END AS answers
FROM unnest($2::bigint[]) AS wanted (assessment) CROSS JOIN LATERAL (
    SELECT * FROM ({OURS} UNION ALL {THEIRS}) AS places
    ORDER BY user_id, number LIMIT $5
) AS page
ORDER BY assessment, user_id, number
"""
TOTALS = """
SELECT assessment, (
    SELECT count(*) FROM attempts
    WHERE tenant_id = $1 AND assessment_id = assessment AND NOT preview
        AND state = ANY ($3::text[])
) + (
    SELECT count(*) FROM past_attempts
    WHERE tenant_id = $1 AND assessment_id = assessment AND state = ANY ($3::text[])
) AS total
FROM unnest($2::bigint[]) AS wanted (assessment)
"""
BEGUN = [state for state in AttemptState if state is not AttemptState.NOT_STARTED]

_past = msgspec.json.Decoder(PastAttempt)
Row = tuple[int, int, Attempt]


async def submissions(asked: Asked, question: SubmissionsPart) -> list[Submissions | None]:
    there = await watched(asked, question.assessments)
    states = question.states or BEGUN
    totals = await asked.db.fetch(TOTALS, asked.tenant, list(there), states)
    total = {row["assessment"]: row["total"] for row in totals}
    pages = await _pages(asked, question, there, states)
    first = question.first
    return [
        Submissions(total[one], pages[one][:first], len(pages[one]) > first)
        if one in there
        else None
        for one in question.assessments
    ]


async def _pages(
    asked: Asked,
    part: SubmissionsPart,
    there: dict[int, Known],
    states: Sequence[AttemptState],
) -> dict[int, list[Row]]:
    """Of each one more than wanted, where there is one."""
    behind = (part.after_user, part.after_number, part.first + 1)
    rows = await asked.db.fetch(PAGE, asked.tenant, list(there), *behind, list(states))
    ours = iter(await whole(asked, [row for row in rows if row["is_ours"]], there))
    pages: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        here = there[row["assessment_id"]]
        attempt = _ours(next(ours), here) if row["is_ours"] else _theirs(asked, row, here)
        pages[row["assessment_id"]].append((row["user_id"], row["number"], attempt))
    return pages


def _ours(one: Whole, here: Known) -> Attempt:
    return shown(one.attempt, one.definition, here.now, correct=True)


def _theirs(asked: Asked, row: Record, here: Known) -> Attempt:
    course, said = here.definition.course, _past.decode(row["attempt"])
    return past.shown(asked.tenant, row["assessment_id"], course, row["user_id"], said)
