"""The monolith's tables as they are now, in the words of its feed, for those who begin."""

from dataclasses import dataclass

from legacy.feeder import told
from services.contracts.events import PARTITIONS, Event
from services.contracts.snapshot import Kind, Summary
from services.events.feed import Feed
from services.storage import db
from services.storage.db import Connection, Pool

PERSON = """
SELECT tenant_id, ARRAY[id] AS ids, jsonb_build_object('name', name, 'locale', locale,
    'roles', ARRAY(SELECT role FROM roles
        WHERE tenant_id = people.tenant_id AND user_id = people.id ORDER BY role)) AS data
FROM people WHERE (tenant_id, id) > ($1, $2) ORDER BY tenant_id, id LIMIT $3
"""
COURSE = """
SELECT tenant_id, ARRAY[id] AS ids, jsonb_build_object('title', title, 'code', code) AS data
FROM courses WHERE (tenant_id, id) > ($1, $2) ORDER BY tenant_id, id LIMIT $3
"""
ENROLMENT = """
SELECT tenant_id, ARRAY[course_id, user_id] AS ids, jsonb_build_object('role', role) AS data
FROM enrolments WHERE (tenant_id, course_id, user_id) > ($1, $2, $3)
ORDER BY tenant_id, course_id, user_id LIMIT $4
"""
CONTENT = """
SELECT tenant_id, ARRAY[id] AS ids, jsonb_build_object('kind', kind, 'course', course_id,
    'module', parent_id, 'position', position, 'title', title, 'body', body) AS data
FROM content WHERE (tenant_id, id) > ($1, $2) ORDER BY tenant_id, id LIMIT $3
"""
ATTEMPTS = """
SELECT tenant_id, ARRAY[id, learner::bigint] AS ids, (
    SELECT jsonb_agg(attempt - 'answers' ORDER BY attempt -> 'number')
    FROM jsonb_array_elements(tried) AS attempt
) AS data
FROM content, jsonb_each(attempts) AS each (learner, tried)
WHERE (tenant_id, id) >= ($1, $2) AND (tenant_id, id, learner::bigint) > ($1, $2, $3)
ORDER BY tenant_id, id, learner::bigint LIMIT $4
"""
COMPLETIONS = """
SELECT tenant_id, ARRAY[course_id, user_id] AS ids,
    jsonb_build_object('lessons', jsonb_agg(lesson_id ORDER BY lesson_id)) AS data
FROM completions
WHERE (tenant_id, course_id) >= ($1, $2) AND (tenant_id, course_id, user_id) > ($1, $2, $3)
GROUP BY tenant_id, course_id, user_id ORDER BY tenant_id, course_id, user_id LIMIT $4
"""
CLASS = """
SELECT tenant_id, ARRAY[id] AS ids, jsonb_build_object('course', course_id, 'title', title,
    'teacher', teacher_id, 'starts', to_char(starts, 'YYYY-MM-DD HH24:MI:SS'),
    'ends', to_char(ends, 'YYYY-MM-DD HH24:MI:SS')) AS data
FROM timetable WHERE (tenant_id, id) > ($1, $2) ORDER BY tenant_id, id LIMIT $3
"""
ROOM = """
SELECT tenant_id, ARRAY[class_id] AS ids,
    jsonb_build_object('course', course_id, 'state', state) AS data
FROM rooms WHERE (tenant_id, class_id) > ($1, $2) ORDER BY tenant_id, class_id LIMIT $3
"""

# A state and its version are of one moment, since one statement reads both.
WITH_VERSION = """
SELECT named.*, coalesce(version, 0) AS version, timezone, now() AS at,
    NULL AS traceparent, NULL AS position
FROM (
    SELECT tenant_id, ids, data,
        '{kind}/' || tenant_id || '/' || array_to_string(ids, '/') AS stream
    FROM ({state}) AS state
) AS named
LEFT JOIN streams USING (stream) LEFT JOIN tenants ON tenants.id = tenant_id
ORDER BY tenant_id, ids
"""


@dataclass(frozen=True, slots=True)
class Told:
    """How one kind is read: how many numbers make its key, its pages, how many streams it has."""

    ids: int
    state: str
    count: str


KINDS = {
    Kind.PERSON: Told(1, PERSON, "SELECT count(*) FROM people"),
    Kind.COURSE: Told(1, COURSE, "SELECT count(*) FROM courses"),
    Kind.ENROLMENT: Told(2, ENROLMENT, "SELECT count(*) FROM enrolments"),
    Kind.CONTENT: Told(1, CONTENT, "SELECT count(*) FROM content"),
    Kind.ATTEMPTS: Told(2, ATTEMPTS, "SELECT count(*) FROM content, jsonb_object_keys(attempts)"),
    Kind.COMPLETIONS: Told(
        2,
        COMPLETIONS,
        """SELECT count(*)
        FROM (SELECT FROM completions GROUP BY tenant_id, course_id, user_id) AS streams""",
    ),
    Kind.CLASS: Told(1, CLASS, "SELECT count(*) FROM timetable"),
    Kind.ROOM: Told(1, ROOM, "SELECT count(*) FROM rooms"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page begins: behind this tenant and these ids."""

    tenant: str
    ids: tuple[int, ...]

    @classmethod
    def behind(cls, kind: Kind, stream: str) -> "Key":
        """ "" is before the first; raises ValueError for what is no stream of the kind."""
        if not stream:
            return cls("", (0,) * KINDS[kind].ids)
        first, tenant, *ids = stream.split("/")
        if first != kind or len(ids) != KINDS[kind].ids:
            raise ValueError(f"{stream!r} is no stream of {kind}")
        return cls(tenant, tuple(map(int, ids)))


class Snapshot:
    def __init__(self, pool: Pool, feed: Feed) -> None:
        self._pool = pool
        self._feed = feed

    async def summary(self) -> Summary:
        # The positions first: pages that are read after them are at least as new.
        positions = await self._feed.positions()
        async with db.transaction(self._pool) as connection:
            streams = {kind: await _count(connection, kind) for kind in KINDS}
        return Summary(streams, [positions[partition] for partition in range(PARTITIONS)])

    async def page(
        self, kind: Kind, after: Key, limit: int, consumer: str | None = None
    ) -> list[Event]:
        """The streams of a kind behind a key, in order, each as it is now."""
        statement = WITH_VERSION.format(kind=kind, state=KINDS[kind].state)
        rows = await self._pool.fetch(statement, after.tenant, *after.ids, limit)
        return told.events(rows, consumer)


async def _count(connection: Connection, kind: Kind) -> int:
    counted: int = await connection.fetchval(KINDS[kind].count)
    return counted
