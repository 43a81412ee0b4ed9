"""Submissions of 30,000 learners: each once, each page at the price of a page, all counted."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence

import pytest

from services.assessment.rights import WORKER
from services.assessment.views.counts import COUNTS
from services.assessment.views.gradebook import MADE
from services.assessment.views.submissions import BEGUN, PAGE
from services.contracts.assessment import Attempt, AttemptState
from services.contracts.ids import decode
from services.contracts.paging import Key, Page, key_of
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from services.storage import db
from services.storage.db import Connection, Pool
from tests.contract.side import given
from tests.fakes.tenant import TEACHER, assessment_id
from tests.figures import is_full
from tests.integration.assessment.campus import Campus
from tests.integration.assessment.crowd import CROWD, MANY, ONE_OF, RARE, begins, fill
from tests.integration.assessment.definitions import QUIZ
from tests.integration.plans import read_by
from tests.stack import Stack

TENANT = "crowded"
FIRST = 50
AT_A_TIME = FIRST if is_full() else 500
MIDDLE, END = CROWD[MANY // 2], CROWD[-FIRST]
STATES_OF_SIDES = 2 * len(BEGUN)
PREPARED = MANY // 2 // (ONE_OF[AttemptState.NOT_STARTED] // 2)
"""Attempts that nobody has begun: of the new side's half every fifth."""


@pytest.fixture(scope="module")
async def filled(
    pool: Pool, worker: Pool, serves: str, stack: Stack, transport: HttpTransport
) -> None:
    topics = Topics(stack.redis, SystemClock())
    campus = Campus(TENANT, pool, worker, topics, serves, transport)
    await campus.open()
    await fill(campus)
    await topics.close()


@pytest.fixture
def crowded(
    filled: None,
    pool: Pool,
    worker: Pool,
    serves: str,
    transport: HttpTransport,
    topics: Topics,
) -> Campus:
    return Campus(TENANT, pool, worker, topics, serves, transport)


async def page(campus: Campus, after: Key | None, *states: AttemptState) -> Page[Attempt]:
    quiz, asking = [assessment_id(TENANT, QUIZ)], campus.asking(TEACHER)
    [found] = await campus.client.submissions(asking, quiz, AT_A_TIME, after, states)
    return given(found)


async def pages(campus: Campus) -> AsyncIterator[Page[Attempt]]:
    after: Key | None = None
    more = True
    while more:
        found = await page(campus, after)
        yield found
        more, after = found.page_info.has_next_page, key_of(found.page_info.end_cursor or "")


async def counts(campus: Campus) -> dict[AttemptState, int]:
    quiz = [assessment_id(TENANT, QUIZ)]
    [found] = await campus.client.submission_counts(campus.asking(TEACHER), quiz)
    return {one.state: one.count for one in given(found)}


def users(found: Page[Attempt]) -> list[int]:
    return [int(decode(edge.node.learner_id).local) for edge in found.edges]


async def read_page(connection: Connection, after: int, states: Sequence[AttemptState]) -> int:
    """Rows that a page reads which begins there."""
    asked = (TENANT, [QUIZ], after, 1, FIRST + 1, states)
    return (await read_by(connection, PAGE, *asked, generic=True)).rows


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("after", [0, MIDDLE, END])
async def test_a_page_reads_what_it_holds_wherever_it_is(worker: Pool, after: int) -> None:
    async with db.transaction(worker, TENANT) as connection:
        every = await read_page(connection, after, BEGUN)
        rare = await read_page(connection, after, [RARE])

    assert rare <= 5 * (FIRST + 1)
    assert every <= (STATES_OF_SIDES + 3) * (FIRST + 1)


@pytest.mark.usefixtures("filled")
async def test_a_page_reads_what_it_holds_fails_without_the_index(pool: Pool) -> None:
    connection = await pool.acquire()
    change = connection.transaction()
    await change.start()
    try:
        await connection.execute("DROP INDEX attempts_by_state, past_by_state")
        await connection.execute(f"SET LOCAL ROLE {WORKER}")
        await connection.execute("SELECT set_config('banyan.tenant', $1, true)", TENANT)
        rare = await read_page(connection, MIDDLE, [RARE])
    finally:
        await change.rollback()
        await pool.release(connection)

    assert rare > MANY / 3


@pytest.mark.usefixtures("filled")
async def test_all_are_counted_in_the_index(worker: Pool) -> None:
    async with db.transaction(worker, TENANT) as connection:
        found = await read_by(connection, COUNTS, TENANT, [QUIZ])

    assert found.rows == MANY
    assert found.pages < MANY / 50


@pytest.mark.usefixtures("filled")
async def test_the_scores_of_a_page_read_what_was_tried_by_who_is_on_it(worker: Pool) -> None:
    learners = CROWD[MANY // 2 : MANY // 2 + FIRST]
    asked = (TENANT, [QUIZ] * FIRST, learners)
    async with db.transaction(worker, TENANT) as connection:
        found = await read_by(connection, MADE, *asked, generic=True)

    assert found.rows <= 2 * FIRST
    assert found.pages <= 12 * FIRST


async def test_counts_of_states_are_what_is_paged_through(crowded: Campus) -> None:
    found = await counts(crowded)

    assert found[AttemptState.NOT_STARTED] == PREPARED
    assert sum(found.values()) == MANY
    assert (await page(crowded, None)).total_count == MANY - PREPARED
    waiting = await page(crowded, None, RARE)
    assert len(waiting.edges) == waiting.total_count == found[RARE]


async def test_every_submission_is_told_once_though_others_begin(crowded: Campus) -> None:
    there = MANY - (await counts(crowded))[AttemptState.NOT_STARTED]
    told: Counter[int] = Counter()
    async for found in pages(crowded):
        told.update(users(found))
        assert found.total_count == there
        # One whose turn is over, and one who is still to be told.
        before = [user for user in users(found) if user in CROWD]
        for user in {before[0] + 1, before[-1] + 1}:
            await begins(crowded, user)
            there += 1

    assert len(told.keys() & set(CROWD)) == MANY - PREPARED
    assert set(told.values()) == {1}
