"""Who sees what of attempts: one's own, everybody's for those who supervise, nobody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.contracts.assessment import Attempt, AttemptState, Source
from services.contracts.errors import HIDDEN, Refused
from services.contracts.events import ContentRemoved
from services.contracts.ids import AttemptId, Side, TenantId, decode
from services.contracts.paging import Page, key_of
from tests.fakes.tenant import LEARNER, OPERATOR, OTHER, TEACHER, assessment_id
from tests.integration.assessment.campus import PROCTOR, STRANGER, Campus, chose, counted
from tests.integration.assessment.definitions import EXAM, QUIZ, exam, quiz
from tests.integration.assessment.test_sides import past

HOUR = timedelta(hours=1)


async def mine(campus: Campus, user: str = LEARNER, assessment: int = QUIZ) -> list[Attempt]:
    [found] = await campus.client.mine(
        campus.asking(user), [assessment_id(campus.tenant, assessment)]
    )
    assert not isinstance(found, Refused), found
    return found


async def one(campus: Campus, user: str, attempt: AttemptId) -> Attempt | Refused:
    [found] = await campus.client.many(campus.asking(user), [attempt])
    return found


async def page(
    campus: Campus, user: str, first: int = 10, after: str | None = None, *states: AttemptState
) -> Page[Attempt]:
    where = [assessment_id(campus.tenant, QUIZ)]
    behind = key_of(after) if after else None
    [found] = await campus.client.submissions(campus.asking(user), where, first, behind, states)
    assert not isinstance(found, Refused), found
    return found


async def test_ones_attempts_of_both_sides_are_told_in_order(campus: Campus) -> None:
    await campus.define(quiz(attempts_allowed=None))
    await campus.attempted(past(2), past(1))
    await campus.submitted((await campus.started()).id, chose("q1", "b"))

    found = await mine(campus)

    assert [attempt.number for attempt in found] == [1, 2, 3]
    assert [attempt.source for attempt in found] == [Source.LEGACY, Source.LEGACY, Source.SERVICE]
    assert [decode(attempt.id).side for attempt in found] == [
        Side.LEGACY,
        Side.LEGACY,
        Side.SERVICE,
    ]
    assert (found[0].answers, found[0].window, found[0].receipt) == ([], None, None)
    assert found[2].receipt is not None


async def test_points_are_told_when_it_is_finished_and_not_before(campus: Campus) -> None:
    begun = await campus.started()
    await campus.saved(begun.id, chose("q1", "b"), counted("q2", 1))

    [before] = await mine(campus)
    await campus.submitted(begun.id)
    [after] = await mine(campus)

    assert [answer.points for answer in before.answers] == [None, None]
    assert [answer.points for answer in after.answers] == [2.0, 0.0]


@pytest.mark.parametrize("user", [OTHER, STRANGER])
async def test_nobody_sees_anothers_attempt(campus: Campus, user: str) -> None:
    attempt = (await campus.started()).id

    assert await one(campus, user, attempt) == HIDDEN


@pytest.mark.parametrize("user", [TEACHER, OPERATOR, PROCTOR])
async def test_staff_see_attempts_with_the_right_answers(campus: Campus, user: str) -> None:
    attempt = (await campus.started()).id

    found = await one(campus, user, attempt)

    assert not isinstance(found, Refused)
    assert found.correct is not None
    assert [right.choices for right in found.correct] == [["b"], None, None]


@pytest.mark.parametrize("user", [OPERATOR, PROCTOR, LEARNER])
async def test_a_preview_is_its_owners_alone(campus: Campus, user: str) -> None:
    preview = (await campus.started(TEACHER)).id

    assert await one(campus, user, preview) == HIDDEN
    assert not isinstance(await one(campus, TEACHER, preview), Refused)
    assert (await page(campus, TEACHER)).total_count == 0


async def test_the_right_answers_are_told_when_it_is_over_for_everybody(campus: Campus) -> None:
    begun = await campus.started(assessment=EXAM)
    await campus.submitted(begun.id, chose("q1", "b"))

    [at_once] = await mine(campus, assessment=EXAM)
    await campus.passes(2 * HOUR + timedelta(seconds=35))
    [within_grace] = await mine(campus, assessment=EXAM)
    await campus.passes(timedelta(seconds=10))
    [afterwards] = await mine(campus, assessment=EXAM)

    assert (at_once.correct, within_grace.correct) == (None, None)
    assert afterwards.correct is not None
    assert [right.number for right in afterwards.correct] == [None, 46.0, None]


async def test_the_right_answers_wait_for_whoever_was_granted_time(campus: Campus) -> None:
    begun = await campus.started(assessment=EXAM)
    await campus.submitted(begun.id)
    await campus.value("INSERT INTO accommodations VALUES ($1, 8, 5, 1.5, 3600, 0)")

    await campus.passes(3 * HOUR + timedelta(minutes=29))
    [before] = await mine(campus, assessment=EXAM)
    await campus.passes(timedelta(minutes=2))
    [after] = await mine(campus, assessment=EXAM)

    assert before.correct is None
    assert after.correct is not None


@pytest.mark.parametrize("side", [Source.SERVICE, Source.LEGACY])
async def test_the_right_answers_wait_for_whoever_is_still_at_it(
    campus: Campus, side: Source
) -> None:
    await campus.submitted((await campus.started(assessment=EXAM)).id)
    if side is Source.SERVICE:
        await campus.started(OTHER, EXAM)
    else:
        await campus.attempted(past(1, AttemptState.IN_PROGRESS), assessment=EXAM)
    await campus.passes(10 * HOUR)

    found = await mine(campus, assessment=EXAM)

    assert [attempt.correct for attempt in found] == [None] * len(found)


async def test_the_right_answers_of_what_never_closes_are_never_told(campus: Campus) -> None:
    await campus.submitted((await campus.started()).id)
    await campus.passes(timedelta(days=365))

    [found] = await mine(campus)

    assert found.correct is None


async def test_the_right_answers_wait_for_the_close_as_it_is_by_now(campus: Campus) -> None:
    await campus.submitted((await campus.started(assessment=EXAM)).id)
    await campus.passes(3 * HOUR)
    await campus.define(exam(await campus.now()))

    [found] = await mine(campus, assessment=EXAM)

    assert found.correct is None


async def test_submissions_are_everybodys_of_both_sides_in_order(campus: Campus) -> None:
    await campus.define(quiz(attempts_allowed=None))
    await campus.attempted(past(1), past(2))
    await campus.submitted((await campus.started()).id)
    await campus.started(OTHER)

    first = await page(campus, TEACHER, 2)
    second = await page(campus, TEACHER, 2, first.edges[-1].cursor)

    nodes = [edge.node for edge in (*first.edges, *second.edges)]
    places = [(decode(node.learner_id).local, node.number) for node in nodes]
    assert places == [(LEARNER, 1), (LEARNER, 2), (LEARNER, 3), (OTHER, 1)]
    assert (first.total_count, first.page_info.has_next_page) == (4, True)
    assert second.page_info.has_next_page is False
    assert [node.correct is None for node in nodes] == [True, True, False, False]


async def test_submissions_are_told_by_their_states(campus: Campus) -> None:
    await campus.attempted(past(1))
    await campus.started(OTHER)

    found = await page(campus, PROCTOR, 10, None, AttemptState.IN_PROGRESS)

    assert [decode(edge.node.learner_id).local for edge in found.edges] == [OTHER]
    assert found.total_count == 1


@pytest.mark.parametrize("user", [LEARNER, STRANGER])
async def test_learners_see_no_submissions(campus: Campus, user: str) -> None:
    where = [assessment_id(campus.tenant, QUIZ)]

    assert await campus.client.submissions(campus.asking(user), where, 10, None, []) == [HIDDEN]


async def test_a_window_is_that_of_the_open_attempt_or_of_now(campus: Campus) -> None:
    where = [assessment_id(campus.tenant, one) for one in (QUIZ, EXAM, 999)]

    [_, before, nothing] = await campus.client.windows(campus.asking(), where)
    begun = await campus.started(assessment=EXAM)
    await campus.passes(timedelta(minutes=30))
    [_, during, _] = await campus.client.windows(campus.asking(), where)

    assert nothing == HIDDEN
    assert not isinstance(before, Refused)
    assert before.ends_at == before.server_now + HOUR
    assert not isinstance(during, Refused)
    assert begun.started_at is not None
    assert during.ends_at == begun.started_at + HOUR


async def test_what_is_removed_is_begun_and_listed_no_more_and_what_is_open_goes_on(
    campus: Campus,
) -> None:
    begun = await campus.started()
    await campus.take([campus.next(f"content/{{}}/{QUIZ}", ContentRemoved(QUIZ))])

    listed = await campus.client.mine(campus.asking(), [assessment_id(campus.tenant, QUIZ)])
    done = await campus.submitted(begun.id, chose("q1", "b"))

    assert listed == [HIDDEN]
    assert done.state is AttemptState.GRADED


async def test_another_tenants_ids_name_nothing(campus: Campus) -> None:
    attempt = (await campus.started()).id
    own = campus.asking(OPERATOR)
    foreign = replace(own, viewer=replace(own.viewer, tenant=TenantId(f"{campus.tenant}-too")))

    assert await campus.client.many(foreign, [attempt]) == [HIDDEN]
    assert await campus.client.mine(foreign, [assessment_id(campus.tenant, QUIZ)]) == [HIDDEN]
