"""What learners made of the assessments of courses that count, on both sides."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from asyncpg import Record

from services.assessment.model.accommodation import NO_ACCOMMODATION, Accommodation
from services.assessment.model.definition import Definition
from services.assessment.model.window import window
from services.assessment.store.definitions import definition
from services.assessment.store.held import accommodation
from services.assessment.views.asked import Asked
from services.contracts.assessment import AttemptState, Score, ScoringPolicy
from services.contracts.gradebook import Entry

# Neither rules, regrades nor items say when it closes.
WEIGHING = """
SELECT assessment_id, course_id, version AS definition_version,
    (data - 'keys' || '{"items": []}')::text AS definition, NULL AS rules, NULL AS regrades,
    (data ->> 'weight')::float8 AS weight, data ->> 'scoring_policy' AS policy
FROM (
    SELECT DISTINCT ON (assessment_id) * FROM definitions
    WHERE tenant_id = $1 AND course_id = ANY ($2::bigint[])
    ORDER BY assessment_id, version DESC
) AS newest
WHERE NOT removed AND (data ->> 'weight')::float8 > 0
ORDER BY assessment_id
"""
MADE = """
SELECT assessment, person, number, state, score FROM unnest($2::bigint[], $3::bigint[])
    AS wanted (assessment, person)
CROSS JOIN LATERAL (
    SELECT number, state, (data -> 'score')::text AS score FROM attempts
    WHERE tenant_id = $1 AND assessment_id = assessment AND user_id = person AND NOT preview
        AND state <> 'NOT_STARTED'
    UNION ALL
    SELECT number, state, CASE WHEN data ->> 'score' IS NOT NULL THEN jsonb_build_object(
        'raw', data -> 'score', 'max', data -> 'max', 'late', data -> 'late'
    )::text END
    FROM past_attempts
    WHERE tenant_id = $1 AND assessment_id = assessment AND user_id = person
) AS made
"""
GRANTED = """
SELECT assessment_id, user_id, multiplier, extra_s, extra_attempts FROM accommodations
JOIN unnest($2::bigint[], $3::bigint[]) AS wanted (assessment, person)
    ON assessment_id = assessment AND user_id = person
WHERE tenant_id = $1
"""
Pair = tuple[int, int]
"""Somebody, behind a course or an assessment of theirs."""

_score: msgspec.json.Decoder[Score | None] = msgspec.json.Decoder(Score | None)


@dataclass(frozen=True, slots=True)
class Weighing:
    """An assessment that counts, as it is now; `weight` in percent."""

    definition: Definition
    weight: float
    policy: ScoringPolicy

    def entry(self, made: Sequence["Made"], more: Accommodation, now: datetime) -> Entry:
        closes_at = window(self.definition, more, now).closes_at
        is_over = closes_at is not None and now > closes_at
        return Entry(self.weight, self.policy, is_over, made)


@dataclass(frozen=True, slots=True)
class Made:
    """An attempt, on whichever side, as far as it counts."""

    number: int
    state: AttemptState
    score: Score | None
    preview: bool = False


async def entries(
    asked: Asked, pairs: Iterable[Pair], now: datetime
) -> Mapping[Pair, Sequence[Entry]]:
    """Of each course and learner, one for each assessment that counts."""
    wanted = list(pairs)
    of_course = await _weighing(asked, {course for course, _ in wanted})
    columns = _columns(
        (one.definition.assessment, user) for course, user in wanted for one in of_course[course]
    )
    made, more = await _made(asked, columns), await _granted(asked, columns)
    return {
        (course, user): [
            one.entry(made[place], more.get(place, NO_ACCOMMODATION), now)
            for one in of_course[course]
            for place in [(one.definition.assessment, user)]
        ]
        for course, user in wanted
    }


async def _weighing(asked: Asked, courses: Iterable[int]) -> Mapping[int, list[Weighing]]:
    found: defaultdict[int, list[Weighing]] = defaultdict(list)
    for row in await asked.db.fetch(WEIGHING, asked.tenant, list(courses)):
        one = Weighing(definition(row), row["weight"], ScoringPolicy(row["policy"]))
        found[row["course_id"]].append(one)
    return found


async def _made(asked: Asked, columns: tuple[list[int], list[int]]) -> Mapping[Pair, list[Made]]:
    found: defaultdict[Pair, list[Made]] = defaultdict(list)
    for row in await asked.db.fetch(MADE, asked.tenant, *columns):
        found[row["assessment"], row["person"]].append(_one(row))
    return found


def _one(row: Record) -> Made:
    score = _score.decode(row["score"]) if row["score"] else None
    return Made(row["number"], AttemptState(row["state"]), score)


async def _granted(
    asked: Asked, columns: tuple[list[int], list[int]]
) -> Mapping[Pair, Accommodation]:
    rows = await asked.db.fetch(GRANTED, asked.tenant, *columns)
    return {(row["assessment_id"], row["user_id"]): accommodation(row) for row in rows}


def _columns(pairs: Iterable[Pair]) -> tuple[list[int], list[int]]:
    known = sorted(set(pairs))
    return [one for one, _ in known], [user for _, user in known]
