"""The roster of a course of 30,000: every learner once, each page at the price of a page."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from services.contracts.completions import SOURCES, Way
from services.contracts.events import EnrolmentChanged
from services.contracts.ids import decode
from services.contracts.learning import LearnerInCourse, Role
from services.contracts.paging import Key, Page, key_of
from services.events.topics import Topics
from services.kit.transport import HttpTransport
from services.progress.views.courses import HOW_MANY, LEARNERS
from services.progress.views.together import COMPLETED, ENROLMENTS, PROGRESS
from services.storage import db
from services.storage.db import Pool
from tests.contract.side import given
from tests.fakes.tenant import TEACHER, course_id
from tests.figures import Recorder, is_full
from tests.integration.plans import read_by
from tests.integration.progress.campus import Campus

TENANT, COURSE, MANY, LESSONS = "crowded", 1, 30_000, 2
OTHERS = range(1_000, 11_000)
"""Courses that none of them takes."""
CROWD = range(2 * 501, 2 * (501 + MANY), 2)
"""Who learns there has an even number; who has an odd one may come."""
MIDDLE = CROWD[MANY // 2]
FIRST = 50
AT_A_TIME = FIRST if is_full() else 500

FILL = (
    f"INSERT INTO courses VALUES ('{TENANT}', {COURSE}, 'Crowded', 'C/1')",
    # A small table is read as a whole, whatever is asked of it.
    f"""INSERT INTO courses SELECT '{TENANT}', one, 'Another', 'C/' || one
    FROM generate_series({OTHERS[0]}, {OTHERS[-1]}) AS others (one)""",
    f"""INSERT INTO lessons
    SELECT '{TENANT}', one * 10 + place, one, NULL, place, 'Lesson', 'TEXT'
    FROM generate_series({OTHERS[0]}, {OTHERS[-1]}) AS others (one),
        generate_series(1, {LESSONS}) AS places (place)""",
    f"INSERT INTO enrolments VALUES ('{TENANT}', {COURSE}, {TEACHER}, 'TEACHER')",
    f"""INSERT INTO people SELECT '{TENANT}', one, 'Learner ' || one, 'en', '{{LEARNER}}'
    FROM generate_series({CROWD[0]}, {CROWD[-1] + 1}) AS everybody (one)""",
    f"""INSERT INTO enrolments SELECT '{TENANT}', course, one, 'LEARNER'
    FROM generate_series({COURSE}, {COURSE + 1}) AS courses (course),
        generate_series({CROWD[0]}, {CROWD[-1]}, 2) AS crowd (one)""",
    f"""INSERT INTO applied (stream, version)
    SELECT 'legacy:completions/{TENANT}/{COURSE}/' || one, 1
    FROM generate_series({CROWD[0]}, {CROWD[-1]}, 2) AS crowd (one)""",
    f"""INSERT INTO counts SELECT '{TENANT}', {COURSE}, one, 1
    FROM generate_series({CROWD[0]}, {CROWD[-1]}, 2) AS crowd (one)""",
    f"""INSERT INTO lessons
    SELECT '{TENANT}', one, {COURSE}, NULL, one, 'Lesson', 'TEXT'
    FROM generate_series(1, {LESSONS}) AS lessons (one)""",
    f"""INSERT INTO completions SELECT '{TENANT}', {COURSE}, one, lesson
    FROM generate_series({CROWD[0]}, {CROWD[-1]}, 2) AS crowd (one),
        generate_series(1, {LESSONS}) AS lessons (lesson)""",
    "VACUUM (ANALYZE) courses, enrolments, people, applied, counts, lessons, completions",
)
# The planner may answer a join by reading all people in order, up to those of the page.
JOINED = """
SELECT course, id, name FROM unnest($2::bigint[]) AS given (course) CROSS JOIN LATERAL (
    SELECT people.id, name
    FROM enrolments JOIN people ON people.tenant_id = $1 AND people.id = user_id
    WHERE enrolments.tenant_id = $1 AND course_id = course AND role = 'LEARNER' AND user_id > $3
    ORDER BY user_id LIMIT $4
) AS page
ORDER BY course, id
"""


@pytest.fixture(scope="module")
async def filled(pool: Pool) -> None:
    async with pool.acquire() as connection:
        for statement in FILL:
            await connection.execute(statement)


@pytest.fixture
def crowded(
    filled: None, pool: Pool, serves: str, transport: HttpTransport, topics: Topics
) -> Campus:
    return Campus(TENANT, pool, topics, serves, transport)


async def page(campus: Campus, after: Key | None) -> Page[LearnerInCourse]:
    course = [course_id(TENANT, COURSE)]
    courses = campus.sources.courses
    [found] = await courses.rosters(campus.asking(TEACHER), course, AT_A_TIME, after)
    return given(found)


async def pages(campus: Campus) -> AsyncIterator[Page[LearnerInCourse]]:
    after: Key | None = None
    more = True
    while more:
        found = await page(campus, after)
        yield found
        more, after = found.page_info.has_next_page, key_of(found.page_info.end_cursor or "")


def users(found: Page[LearnerInCourse]) -> list[int]:
    return [int(decode(edge.node.learner.id).local) for edge in found.edges]


async def enrol(campus: Campus, changes: dict[int, Role | None]) -> None:
    events = [
        campus.next(f"enrolment/{{}}/{COURSE}/{one}", EnrolmentChanged(COURSE, one, role))
        for one, role in sorted(changes.items())
    ]
    await campus.take(events)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("generic", [False, True], ids=["planned each time", "planned once"])
@pytest.mark.parametrize("after", [0, MIDDLE, CROWD[-FIRST]])
async def test_a_page_reads_what_it_holds_wherever_it_is(
    pool: Pool, after: int, generic: bool, figure: Recorder
) -> None:
    asked = (TENANT, [COURSE], after, FIRST + 1)
    async with db.transaction(pool) as connection:
        found = await read_by(connection, LEARNERS, *asked, generic=generic)

    figure("roster", learners=MANY, after=after, rows_read=found.rows, pages_read=found.pages)
    # Each learner takes two courses, and has a name.
    assert found.rows <= 3 * (FIRST + 1)
    assert found.pages <= 6 * (FIRST + 1)


@pytest.mark.usefixtures("filled")
async def test_a_page_reads_what_it_holds_fails_without_a_look_at_each_name(pool: Pool) -> None:
    async with db.transaction(pool) as connection:
        found = await read_by(connection, JOINED, TENANT, [COURSE], MIDDLE, FIRST + 1)

    assert found.rows > MANY / 3


@pytest.mark.usefixtures("filled")
async def test_a_roster_is_counted_in_its_index(pool: Pool, figure: Recorder) -> None:
    async with db.transaction(pool) as connection:
        found = await read_by(connection, HOW_MANY, TENANT, [COURSE])

    figure("roster", counted=found.rows, pages_read=found.pages)
    assert found.rows == MANY
    assert found.pages < MANY / 100


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("generic", [False, True], ids=["planned each time", "planned once"])
async def test_what_is_500_viewers_own_reads_theirs_alone(
    pool: Pool, generic: bool, figure: Recorder
) -> None:
    users = list(CROWD[:500])
    ways = [Way(TENANT, COURSE, user) for user in users]
    streams = [[way.at(source) for way in ways] for source in SOURCES]
    of_pairs = ([COURSE] * len(users), users, *streams)
    async with db.transaction(pool) as connection:
        taken = await read_by(connection, ENROLMENTS, TENANT, users, generic=generic)
        done = await read_by(connection, PROGRESS, TENANT, *of_pairs, generic=generic)
        completed = await read_by(connection, COMPLETED, TENANT, *of_pairs, generic=generic)

    figure("together", enrolments=taken.rows, progress=done.rows, completed=completed.rows)
    # Each takes two courses of which one has a title; is enrolled, is a person, has a version, and
    # is counted.
    assert taken.rows <= 4 * len(users)
    assert done.rows <= 4 * len(users) + 1 + LESSONS
    assert completed.rows <= (3 + 2 * LESSONS) * len(users) + 1


async def test_a_roster_tells_every_learner_once_though_others_come_and_go(
    crowded: Campus,
) -> None:
    told: Counter[int] = Counter()
    there, stayed = set(CROWD), set(CROWD)
    async for found in pages(crowded):
        told.update(users(found))
        assert found.total_count == len(there)
        # One who was told and one who is not yet told leave; another joins whose turn is over.
        first, last = users(found)[0], users(found)[-1]
        gone, joined = {first, last + 20} & there, first + 1
        await enrol(crowded, dict.fromkeys(gone) | {joined: Role.LEARNER})
        there, stayed = (there - gone) | {joined}, stayed - gone

    assert stayed <= set(told)
    assert set(told.values()) == {1}
