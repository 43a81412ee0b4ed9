"""What learners have in a course, and who may know it: by all they tried, on both sides."""

import asyncio
from datetime import timedelta

import pytest
from asyncpg.connection import LoggedQuery
from msgspec.structs import replace

from services.assessment.views import scores
from services.assessment.views.asked import Asked
from services.contracts.assessment import AttemptState, Score, ScoringPolicy
from services.contracts.errors import HIDDEN, Refused
from services.contracts.events import ContentRemoved
from services.contracts.ids import LearnerId
from services.contracts.question import Pairs
from services.contracts.supervising import Deed, Extra
from services.storage import db
from services.storage.db import Pool
from tests.fakes.tenant import LEARNER, OPERATOR, OTHER, TEACHER, course_id, learner_id
from tests.fakes.tenant import assessment_id as exam_id
from tests.integration.assessment.campus import PROCTOR, STRANGER, Campus, chose, counted
from tests.integration.assessment.definitions import COURSE, EXAM, QUIZ, exam, quiz
from tests.integration.assessment.test_sides import past

Found = Score | Refused | None
STATEMENTS = 5
LONG = timedelta(hours=3)


def who(campus: Campus, user: str) -> LearnerId:
    return learner_id(campus.tenant, user)


async def score(campus: Campus, user: str = LEARNER, asker: str | None = None) -> Found:
    pair = (course_id(campus.tenant, COURSE), who(campus, user))
    [found] = await campus.client.scores(campus.asking(asker or user), [pair])
    return found


async def handed_in(campus: Campus, user: str = LEARNER) -> None:
    """Three points of six, and nothing waits."""
    attempt = await campus.started(user)
    await campus.submitted(attempt.id, chose("q1", "b"), counted("q2", 46), user=user)


async def test_attempts_of_both_sides_count_by_the_policy(campus: Campus) -> None:
    await campus.define(quiz(attempts_allowed=None, scoring_policy=ScoringPolicy.AVERAGE))
    await campus.attempted(replace(past(1), score=0.0))
    await handed_in(campus)

    assert await score(campus) == Score(raw=2.5, max=10.0)


async def test_what_was_banked_counts(campus: Campus) -> None:
    await campus.attempted(past(1, banked=True))

    assert await score(campus) == Score(raw=3.3333, max=10.0)


async def test_what_was_voided_does_not_count(campus: Campus) -> None:
    attempt = await campus.started()
    await campus.submitted(attempt.id, chose("q1", "b"))
    before = await score(campus)

    await campus.client.act(campus.asking(TEACHER), Deed.VOID, attempt.id, "copied", "void")

    assert before == Score(raw=3.3333, max=10.0)
    assert await score(campus) is None


async def test_what_waits_at_the_old_side_makes_it_provisional(campus: Campus) -> None:
    waiting = replace(past(2, AttemptState.PENDING_REVIEW), score=None)
    await campus.attempted(past(1), waiting)

    assert await score(campus) == Score(raw=3.3333, max=10.0, provisional=True)


async def test_an_exam_that_was_missed_counts_as_nothing_once_it_has_closed(
    campus: Campus,
) -> None:
    await handed_in(campus)
    before = await score(campus)

    await campus.passes(LONG)

    assert before == Score(raw=5.0, max=10.0)
    assert await score(campus) == Score(raw=5.0, max=20.0)


async def test_who_was_given_more_time_has_not_missed_it_yet(campus: Campus) -> None:
    await handed_in(campus)
    extra = Extra([who(campus, LEARNER)], LONG, 1.0, 0)
    await campus.client.grant(
        campus.asking(TEACHER), exam_id(campus.tenant, EXAM), extra, "ill", "grant"
    )

    await campus.passes(LONG)

    assert await score(campus) == Score(raw=5.0, max=10.0)


async def test_what_is_no_more_and_what_weighs_nothing_do_not_count(campus: Campus) -> None:
    await campus.define(exam(await campus.now(), weight=0.0))
    await handed_in(campus)
    await campus.passes(LONG)
    before = await score(campus)

    await campus.take([campus.next(f"content/{{}}/{QUIZ}", ContentRemoved(QUIZ))])

    assert before == Score(raw=5.0, max=10.0)
    assert await score(campus) is None


async def test_what_who_teaches_tries_for_themselves_never_counts(campus: Campus) -> None:
    await handed_in(campus, TEACHER)
    await campus.passes(LONG)

    assert await score(campus, TEACHER) is None


@pytest.mark.parametrize("asker", [TEACHER, OPERATOR], ids=["who teaches", "who operates"])
async def test_everybodys_score_is_told_to_who_teaches(campus: Campus, asker: str) -> None:
    await handed_in(campus, OTHER)

    assert await score(campus, OTHER, asker) == Score(raw=5.0, max=10.0)


@pytest.mark.parametrize("asker", [LEARNER, PROCTOR, STRANGER])
async def test_a_learner_never_reads_anothers_score(campus: Campus, asker: str) -> None:
    await handed_in(campus, OTHER)

    assert await score(campus, OTHER, asker) == HIDDEN


async def test_a_learner_never_reads_anothers_score_fails_without_the_check(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores, "_may_know", lambda asked, pair, readers: True)
    await handed_in(campus, OTHER)

    assert await score(campus, OTHER, LEARNER) == Score(raw=5.0, max=10.0)


async def test_a_stranger_has_no_score_of_their_own(campus: Campus) -> None:
    assert await score(campus, STRANGER) == HIDDEN


async def test_scores_come_one_a_pair_in_order(campus: Campus) -> None:
    await handed_in(campus, OTHER)
    own, nowhere = course_id(campus.tenant, COURSE), course_id(campus.tenant, 999)
    foreign = course_id("another", COURSE)
    pairs = [(own, who(campus, OTHER)), (nowhere, who(campus, OTHER)), (own, who(campus, LEARNER))]
    asked = [*pairs, (foreign, who(campus, OTHER)), pairs[0]]

    found = await campus.client.scores(campus.asking(TEACHER), asked)

    known = Score(raw=5.0, max=10.0)
    assert list(found) == [known, HIDDEN, None, HIDDEN, known]


@pytest.mark.parametrize("learners", [1, 50])
async def test_a_page_of_scores_makes_as_many_statements_as_one(
    campus: Campus, worker: Pool, learners: int
) -> None:
    made: list[str] = []

    def note(query: LoggedQuery) -> None:
        made.append(query.query)

    asking = Pairs([(COURSE, user) for user in range(4, 4 + learners)])
    async with db.transaction(worker, campus.tenant) as connection:
        with connection.query_logger(note):
            await scores.scores(Asked(connection, campus.asking(TEACHER).viewer), asking)
            # A statement is noted in the loop's next round.
            await asyncio.sleep(0)

    assert len(made) == STATEMENTS
