"""What every source of attempts promises to those who read them."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec.structs import replace

from services.contracts.assessment import Attempt, AttemptState
from services.contracts.errors import HIDDEN, Refused
from services.contracts.paging import Key, Page, key_of
from tests.contract.desk import begun
from tests.contract.exam_hall import COURSE, EARLY, FAR_AHEAD, LIMIT, LONG_AGO, SHUT, TIMED
from tests.contract.exam_hall import QUIZ as OPEN
from tests.contract.exams import EXAM, QUIZ
from tests.contract.school import NOWHERE
from tests.contract.side import Side, given
from tests.fakes.tenant import LEARNER, OTHER, assessment_id, attempt_id, course_id, learner_id


def told(attempt: Attempt) -> Attempt:
    """What every side knows of an attempt that was made long ago."""
    return replace(attempt, window=None, receipt=None)


def held(side: Side, user: str, *numbers: int) -> list[Attempt]:
    ids = [attempt_id(side.tenant, user, QUIZ, number) for number in numbers]
    return [side.held.attempts[one] for one in ids]


async def page(
    side: Side, first: int, after: Key | None = None, states: Sequence[AttemptState] = ()
) -> Page[Attempt]:
    quiz = assessment_id(side.tenant, QUIZ)
    attempts = side.sources.attempts
    [found] = await attempts.submissions(side.teacher, [quiz], first, after, states)
    return given(found)


def nodes(found: Page[Attempt]) -> list[Attempt]:
    return [told(edge.node) for edge in found.edges]


class TestAttempts:
    async def test_ones_own_attempts_come_in_order_of_their_numbers(self, side: Side) -> None:
        ids = [assessment_id(side.tenant, number) for number in (QUIZ, EXAM, NOWHERE, QUIZ)]

        found = await side.sources.attempts.mine(side.learner, ids)

        assert [told(one) for one in given(found[0])] == held(side, LEARNER, 1, 2, 3)
        assert [told(one) for one in given(found[3])] == held(side, LEARNER, 1, 2, 3)
        assert list(found[1:3]) == [[], HIDDEN]

    async def test_attempts_come_one_an_id_in_order(self, side: Side) -> None:
        numbers = (3, NOWHERE, 1, 3)
        ids = [attempt_id(side.tenant, LEARNER, QUIZ, number) for number in numbers]

        found = await side.sources.attempts.many(side.learner, ids)

        known = [one if isinstance(one, Refused) else told(one) for one in found]
        assert known == [side.held.attempts.get(attempt, HIDDEN) for attempt in ids]

    async def test_who_teaches_reads_the_attempt_of_a_learner(self, side: Side) -> None:
        [others] = held(side, OTHER, 1)

        [found] = await side.sources.attempts.many(side.teacher, [others.id])

        assert told(given(found)) == others

    async def test_submissions_are_paged_to_their_end_in_order_of_learners_and_numbers(
        self, side: Side
    ) -> None:
        pages: list[Page[Attempt]] = []
        after: Key | None = None
        while not pages or pages[-1].page_info.has_next_page:
            pages.append(await page(side, 2, after))
            after = key_of(pages[-1].edges[-1].cursor)

        assert [nodes(one) for one in pages] == [
            held(side, LEARNER, 1, 2),
            [*held(side, LEARNER, 3), *held(side, OTHER, 1)],
        ]
        assert [one.page_info.has_previous_page for one in pages] == [False, True]
        assert {one.total_count for one in pages} == {4}

    async def test_submissions_may_be_those_of_some_states(self, side: Side) -> None:
        graded = await page(side, 5, states=[AttemptState.GRADED])
        waiting = await page(side, 5, states=[AttemptState.PENDING_REVIEW])
        neither = await page(side, 5, states=[AttemptState.SUBMITTED, AttemptState.ABANDONED])

        assert nodes(graded) == [*held(side, LEARNER, 1), *held(side, OTHER, 1)]
        assert nodes(waiting) == held(side, LEARNER, 2)
        assert nodes(neither) == []
        assert [graded.total_count, waiting.total_count, neither.total_count] == [2, 1, 0]

    async def test_behind_the_last_submission_comes_an_empty_page(self, side: Side) -> None:
        every = await page(side, 4)

        behind = await page(side, 4, key_of(every.edges[-1].cursor))

        assert (every.page_info.has_next_page, behind.edges) == (False, [])

    async def test_submissions_come_one_an_assessment_in_order(self, side: Side) -> None:
        ids = [assessment_id(side.tenant, number) for number in (EXAM, NOWHERE, QUIZ, EXAM)]

        found = await side.sources.attempts.submissions(side.teacher, ids, 9, None, ())

        assert found[1] == HIDDEN
        assert [len(given(found[place]).edges) for place in (0, 2, 3)] == [0, 4, 0]

    async def test_an_attempt_says_whose_and_where_it_is(self, hall: Side) -> None:
        desk = await begun(hall, OPEN)

        found = await desk.read()

        assert found.assessment_id == assessment_id(hall.tenant, OPEN)
        assert found.course_id == course_id(hall.tenant, COURSE)
        assert found.learner_id == learner_id(hall.tenant, LEARNER)
        assert (found.preview, found.banked, found.correct) == (False, False, None)

    async def test_windows_come_one_an_assessment_in_order(self, hall: Side) -> None:
        ids = [assessment_id(hall.tenant, number) for number in (EARLY, NOWHERE, SHUT, OPEN)]

        found = await hall.sources.attempts.windows(hall.learner, ids)

        assert found[1] == HIDDEN
        windows = [given(found[place]) for place in (0, 2, 3)]
        assert [one.opens_at for one in windows] == [FAR_AHEAD, None, None]
        assert [one.closes_at for one in windows] == [None, LONG_AGO, None]
        assert [one.ends_at for one in windows] == [None, LONG_AGO, None]

    async def test_a_limit_counts_from_now_until_one_has_begun_and_from_then_on(
        self, hall: Side
    ) -> None:
        timed = assessment_id(hall.tenant, TIMED)
        [before] = await hall.sources.attempts.windows(hall.learner, [timed])
        desk = await begun(hall, TIMED)
        [after] = await hall.sources.attempts.windows(hall.learner, [timed])
        attempt = await desk.read()

        first, second = given(before), given(after)
        assert first.ends_at == first.server_now + LIMIT
        assert attempt.started_at is not None
        assert attempt.window is not None
        assert second.ends_at == attempt.window.ends_at == attempt.started_at + LIMIT
        assert second.extra_time == timedelta(0)
