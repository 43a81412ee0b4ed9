"""What every source of scores promises about courses, and about how many submissions there are."""

from services.contracts.assessment import AttemptState, Score, SubmissionCount
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import LearnerId
from tests.contract.exams import EXAM, QUIZ
from tests.contract.school import BIOLOGY, EMPTY, HISTORY, NOWHERE
from tests.contract.side import Side, given
from tests.fakes.tenant import LEARNER, OTHER, TEACHER, assessment_id, course_id, learner_id

MISSED = 87.5
"""The exam's weight: it closed long ago, and nobody began it."""


def own(side: Side) -> LearnerId:
    return learner_id(side.tenant, LEARNER)


class TestScores:
    async def test_ones_own_score_counts_what_was_scored_and_what_was_missed(
        self, side: Side
    ) -> None:
        biology = course_id(side.tenant, BIOLOGY)

        [found] = await side.sources.attempts.scores(side.learner, [(biology, own(side))])

        quiz = Score(raw=5.8333, max=12.5, late=True)
        assert given(found) == Score(
            quiz.raw, quiz.max + MISSED, late=True, penalty=0.0, provisional=True
        )

    async def test_scores_come_one_a_course_in_order(self, side: Side) -> None:
        numbers = (HISTORY, NOWHERE, BIOLOGY, EMPTY, BIOLOGY)
        pairs = [(course_id(side.tenant, number), own(side)) for number in numbers]

        found = await side.sources.attempts.scores(side.learner, pairs)

        assert [found[place] for place in (0, 1, 3)] == [None, HIDDEN, None]
        assert given(found[2]) == given(found[4])

    async def test_nothing_counts_of_who_teaches(self, side: Side) -> None:
        pairs = [(course_id(side.tenant, BIOLOGY), learner_id(side.tenant, TEACHER))]

        assert list(await side.sources.attempts.scores(side.teacher, pairs)) == [None]

    async def test_what_others_have_is_told_where_it_needs_no_scan_of_everybody(
        self, side: Side
    ) -> None:
        pairs = [(course_id(side.tenant, BIOLOGY), learner_id(side.tenant, OTHER))]

        [found] = await side.sources.attempts.scores(side.teacher, pairs)

        if side.is_old:
            assert isinstance(found, Refused)
            assert not found.retryable
        else:
            assert found == Score(raw=0.0, max=100.0)


class TestSubmissionCounts:
    async def test_every_state_that_any_is_in_is_counted(self, side: Side) -> None:
        ids = [assessment_id(side.tenant, number) for number in (EXAM, NOWHERE, QUIZ)]

        found = await side.sources.attempts.submission_counts(side.teacher, ids)

        assert list(found) == [
            [],
            HIDDEN,
            [
                SubmissionCount(AttemptState.IN_PROGRESS, 1),
                SubmissionCount(AttemptState.PENDING_REVIEW, 1),
                SubmissionCount(AttemptState.GRADED, 2),
            ],
        ]

    async def test_so_many_are_paged_through(self, side: Side) -> None:
        quiz = [assessment_id(side.tenant, QUIZ)]

        [counts] = await side.sources.attempts.submission_counts(side.teacher, quiz)

        for one in given(counts):
            states = [one.state]
            [page] = await side.sources.attempts.submissions(side.teacher, quiz, 9, None, states)
            assert len(given(page).edges) == one.count == given(page).total_count
