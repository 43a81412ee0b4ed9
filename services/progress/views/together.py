"""What many people may know of themselves, told at once: of each kind one statement for all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from asyncpg import Record

from services.contracts.assessment import Source
from services.contracts.completions import Way
from services.contracts.freshness import Known
from services.contracts.ids import CourseId, Kind, LessonId, TenantId, encode, learner_id
from services.contracts.learning import Completed, Course, Enrolment, Progress, Role
from services.contracts.progress_api import OfPairs, OfUsers
from services.storage.db import Connection

Pair = tuple[int, int]

ENROLMENTS = """
SELECT user_id, courses.id, title, code, role
FROM enrolments JOIN courses
    ON courses.tenant_id = enrolments.tenant_id AND courses.id = course_id
WHERE enrolments.tenant_id = $1 AND user_id = ANY ($2::bigint[])
ORDER BY user_id, courses.id
"""
# Each one's rights are theirs as in `standing`; what is known is of the same snapshot. Each row is
# looked up by itself: a join may read everybody's of the tenant. Courses are looked up once each.
VISIBLE = """
WITH known AS MATERIALIZED (
    SELECT course FROM (SELECT DISTINCT course FROM unnest($2::bigint[]) AS asked (course)) AS one
    CROSS JOIN LATERAL (
        SELECT FROM courses WHERE tenant_id = $1 AND courses.id = course LIMIT 1
    ) AS there
), seen AS (
    SELECT given.*, legacy.version AS legacy_version, service.version AS service_version
    FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[])
        AS given (course, person, legacy, service)
    JOIN known USING (course)
    LEFT JOIN LATERAL (
        SELECT role FROM enrolments
        WHERE tenant_id = $1 AND course_id = course AND user_id = person LIMIT 1
    ) AS enrolment ON true
    LEFT JOIN LATERAL (
        SELECT roles FROM people WHERE tenant_id = $1 AND people.id = person LIMIT 1
    ) AS standing ON true
    LEFT JOIN LATERAL (
        SELECT version FROM applied WHERE stream = given.legacy AND version > 0 LIMIT 1
    ) AS legacy ON true
    LEFT JOIN LATERAL (
        SELECT version FROM applied WHERE stream = given.service AND version > 0 LIMIT 1
    ) AS service ON true
    WHERE role IS NOT NULL OR 'OPERATOR' = ANY (roles)
)
"""
PROGRESS = f"""{VISIBLE}, totals AS MATERIALIZED (
    SELECT course, (
        SELECT count(*) FROM lessons WHERE tenant_id = $1 AND course_id = course
    ) AS total FROM known
)
SELECT seen.*, coalesce(done, 0) AS done, total
FROM seen JOIN totals USING (course)
LEFT JOIN LATERAL (
    SELECT done FROM counts
    WHERE tenant_id = $1 AND course_id = course AND user_id = person LIMIT 1
) AS counted ON true
"""
COMPLETED = f"""{VISIBLE}
SELECT seen.*, ARRAY (
    SELECT lesson_id FROM completions CROSS JOIN LATERAL (
        SELECT FROM lessons
        WHERE tenant_id = $1 AND lessons.id = lesson_id AND course_id = course LIMIT 1
    ) AS lesson
    WHERE completions.tenant_id = $1 AND completions.course_id = course AND user_id = person
    ORDER BY lesson_id
) AS done
FROM seen
"""


@dataclass(frozen=True, slots=True)
class Together:
    """The tenant is the call's: nobody of another can be named."""

    db: Connection
    tenant: TenantId


async def enrolments(asked: Together, question: OfUsers) -> list[list[Enrolment]]:
    found: dict[int, list[Enrolment]] = defaultdict(list)
    courses: dict[int, Course] = {}
    for row in await asked.db.fetch(ENROLMENTS, asked.tenant, question.users):
        course = courses.get(row["id"]) or _course(asked, row)
        courses[row["id"]] = course
        found[row["user_id"]].append(Enrolment(course, Role(row["role"])))
    return [found.get(user, []) for user in question.users]


async def progress(asked: Together, question: OfPairs) -> list[Progress | None]:
    found = {
        (row["course"], row["person"]): Progress(
            _course_id(asked, row["course"]),
            learner_id(asked.tenant, row["person"]),
            completed=row["done"],
            total=row["total"],
            known=Known(Source.SERVICE, _versions(row)),
        )
        for row in await _of_pairs(asked, PROGRESS, question.pairs)
    }
    return [found.get(pair) for pair in question.pairs]


async def completed(asked: Together, question: OfPairs) -> list[Completed | None]:
    found = {
        (row["course"], row["person"]): _completed(asked, row)
        for row in await _of_pairs(asked, COMPLETED, question.pairs)
    }
    return [found.get(pair) for pair in question.pairs]


async def _of_pairs(asked: Together, statement: str, pairs: Iterable[Pair]) -> list[Record]:
    """One row for each different pair whose person may see its course."""
    ways = [Way(asked.tenant, *pair) for pair in dict.fromkeys(pairs)]
    return await asked.db.fetch(
        statement,
        asked.tenant,
        [way.course for way in ways],
        [way.user for way in ways],
        [way.at(Source.LEGACY) for way in ways],
        [way.at(Source.SERVICE) for way in ways],
    )


def _versions(row: Record) -> dict[str, int]:
    told = {row["legacy"]: row["legacy_version"], row["service"]: row["service_version"]}
    return {stream: version for stream, version in told.items() if version is not None}


def _completed(asked: Together, row: Record) -> Completed:
    """A stream of which nothing is known is known up to 0."""
    lessons = [LessonId(encode(Kind.LESSON, asked.tenant, one)) for one in row["done"]]
    return Completed(lessons, {row["legacy"]: 0, row["service"]: 0} | _versions(row))


def _course(asked: Together, row: Record) -> Course:
    return Course(_course_id(asked, row["id"]), row["title"], row["code"])


def _course_id(asked: Together, course: int) -> CourseId:
    return CourseId(encode(Kind.COURSE, asked.tenant, course))
