"""How far people are in courses."""

from collections.abc import Iterable, Sequence

from services.contracts.assessment import Source
from services.contracts.completions import Way, streams_of
from services.contracts.freshness import Known, Seen
from services.contracts.ids import learner_id
from services.contracts.learning import Progress
from services.contracts.question import Pairs
from services.progress.views.asked import Asked
from services.progress.views.standing import course_id, visible
from services.storage.db import Connection

APPLIED = "SELECT stream, version FROM applied WHERE stream = ANY ($1::text[]) AND version > 0"
DONE = """
SELECT course_id, user_id, done FROM counts
JOIN unnest($2::bigint[], $3::bigint[]) AS given (course, person)
    ON course_id = course AND user_id = person
WHERE tenant_id = $1
"""
TOTALS = """
SELECT course_id, count(*) AS lessons FROM lessons
WHERE tenant_id = $1 AND course_id = ANY ($2::bigint[])
GROUP BY course_id
"""


async def progress(asked: Asked, question: Pairs) -> list[Progress | None]:
    """Everyone sees their own; a course's teachers see everybody's, also of who never learnt."""
    seen = await visible(asked, [course for course, _ in question.pairs])
    allowed = {
        (course, person)
        for course, person in question.pairs
        if course in seen and (person == asked.user or seen[course].may_teach)
    }
    ways = {pair: Way(asked.tenant, *pair) for pair in allowed}
    # Before the counts: of what an answer says it knows, nothing may be missing in it.
    applied = await versions(asked.db, ways.values())
    done = await _done(asked, allowed)
    totals = await _totals(asked, list(seen))
    return [
        Progress(
            course_id(asked, pair[0]),
            learner_id(asked.tenant, pair[1]),
            completed=done.get(pair, 0),
            total=totals.get(pair[0], 0),
            known=_known(ways[pair], applied),
        )
        if pair in allowed
        else None
        for pair in question.pairs
    ]


def is_old(seen: Seen, found: Sequence[Progress | None]) -> bool:
    """Whether any of it is older than what the viewer has seen of the same."""
    return any(one.way.missed(one.known.versions, seen) for one in found if one is not None)


async def versions(db: Connection, ways: Iterable[Way]) -> dict[str, int]:
    """How much of each way's streams is applied here; nothing of those of which nothing is."""
    rows = await db.fetch(APPLIED, streams_of(ways))
    return {row["stream"]: row["version"] for row in rows}


def _known(way: Way, applied: Seen) -> Known:
    return Known(Source.SERVICE, {one: applied[one] for one in way.streams if one in applied})


async def _done(asked: Asked, pairs: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    courses, people = [course for course, _ in pairs], [person for _, person in pairs]
    rows = await asked.db.fetch(DONE, asked.tenant, courses, people)
    return {(row["course_id"], row["user_id"]): row["done"] for row in rows}


async def _totals(asked: Asked, courses: list[int]) -> dict[int, int]:
    rows = await asked.db.fetch(TOTALS, asked.tenant, courses)
    return {row["course_id"]: row["lessons"] for row in rows}
