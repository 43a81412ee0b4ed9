"""What staff do to attempts, over HTTP: each with a reason, by those who may."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from services.contracts.assessment import (
    AtEnd,
    AttemptAccepted,
    AttemptConflict,
    AttemptState,
    Response,
    Rules,
)
from services.contracts.errors import FORBIDDEN, HIDDEN, ErrorCode, Refused
from services.contracts.ids import AttemptId
from services.contracts.supervising import Deed, Extra, RulesSet, TimeGranted
from tests.fakes.tenant import LEARNER, OPERATOR, OTHER, TEACHER, assessment_id, learner_id
from tests.integration.assessment.campus import PROCTOR, STRANGER, Campus, chose
from tests.integration.assessment.definitions import EXAM, QUIZ

HOUR = timedelta(hours=1)
RULES = Rules(AtEnd.OVERDUE, late_for_s=60, late_penalty=10.0, overdue_s=3_600)
Does = Callable[[Campus, str, AttemptId], Awaitable[Any]]


async def pause(campus: Campus, user: str, attempt: AttemptId) -> Any:
    return await campus.client.act(
        campus.asking(user), Deed.PAUSE, attempt, "Fire drill", f"p {user}"
    )


async def void(campus: Campus, user: str, attempt: AttemptId) -> Any:
    return await campus.client.act(campus.asking(user), Deed.VOID, attempt, "Copied", f"v {user}")


async def grant(campus: Campus, user: str, attempt: AttemptId) -> Any:
    extra = Extra([learner_id(campus.tenant, LEARNER)], HOUR, 1.5, 1)
    where = assessment_id(campus.tenant, EXAM)
    return await campus.client.grant(campus.asking(user), where, extra, "Reader", f"g {user}")


async def reopen(campus: Campus, user: str, attempt: AttemptId) -> Any:
    return await campus.client.act(
        campus.asking(user), Deed.REOPEN, attempt, "Too soon", f"o {user}"
    )


async def grade(campus: Campus, user: str, attempt: AttemptId) -> Any:
    who = campus.asking(user)
    return await campus.client.grade_item(who, attempt, "q3", 2.0, "Nearly", f"i {user}")


async def regrade(campus: Campus, user: str, attempt: AttemptId) -> Any:
    where, right = assessment_id(campus.tenant, EXAM), Response(choices=["c"])
    return await campus.client.regrade(
        campus.asking(user), where, "q1", right, "Wrong", f"r {user}"
    )


async def set_rules(campus: Campus, user: str, attempt: AttemptId) -> Any:
    where = assessment_id(campus.tenant, EXAM)
    return await campus.client.set_rules(campus.asking(user), where, RULES, f"s {user}")


OF_PROCTORS: list[Does] = [pause, void, grant]
OF_TEACHERS: list[Does] = [reopen, grade, regrade, set_rules]


@pytest.mark.parametrize("does", [*OF_PROCTORS, *OF_TEACHERS])
@pytest.mark.parametrize("user", [LEARNER, OTHER])
async def test_who_learns_in_the_course_may_do_nothing_of_it(
    campus: Campus, does: Does, user: str
) -> None:
    attempt = (await campus.started(assessment=EXAM)).id

    assert await does(campus, user, attempt) == FORBIDDEN


@pytest.mark.parametrize("does", [*OF_PROCTORS, *OF_TEACHERS])
async def test_from_a_stranger_it_is_hidden(campus: Campus, does: Does) -> None:
    attempt = (await campus.started(assessment=EXAM)).id

    assert await does(campus, STRANGER, attempt) == HIDDEN


@pytest.mark.parametrize("does", OF_TEACHERS)
async def test_a_proctor_does_not_what_teachers_do(campus: Campus, does: Does) -> None:
    attempt = (await campus.started(assessment=EXAM)).id

    assert await does(campus, PROCTOR, attempt) == FORBIDDEN


@pytest.mark.parametrize("does", OF_PROCTORS)
@pytest.mark.parametrize("user", [PROCTOR, TEACHER, OPERATOR])
async def test_staff_of_every_kind_may_supervise(campus: Campus, does: Does, user: str) -> None:
    attempt = (await campus.started(assessment=EXAM)).id

    assert isinstance(await does(campus, user, attempt), AttemptAccepted | TimeGranted)


async def test_whoever_learns_in_the_course_is_no_proctor_there(campus: Campus) -> None:
    attempt = (await campus.started(assessment=EXAM)).id
    await campus.enrol(int(PROCTOR))

    assert await pause(campus, PROCTOR, attempt) == FORBIDDEN


async def test_nothing_is_done_without_a_reason(campus: Campus) -> None:
    attempt, who = (await campus.started(assessment=EXAM)).id, campus.asking(TEACHER)

    found = [
        await campus.client.act(who, Deed.PAUSE, attempt, " ", "1"),
        await campus.client.act(who, Deed.VOID, attempt, "", "2"),
        await campus.client.act(who, Deed.VOID, attempt, "a" * 501, "3"),
    ]

    assert [one.code for one in found if isinstance(one, Refused)] == [ErrorCode.INVALID] * 3


async def test_a_pause_is_time_given_back(campus: Campus) -> None:
    begun = await campus.started(assessment=EXAM)
    await pause(campus, PROCTOR, begun.id)
    await campus.passes(timedelta(minutes=20))

    gone_on = await campus.client.act(
        campus.asking(PROCTOR), Deed.RESUME, begun.id, "Over", "resume"
    )

    assert isinstance(gone_on, AttemptAccepted)
    assert begun.window is not None
    assert gone_on.attempt.window is not None
    assert begun.window.ends_at is not None
    assert gone_on.attempt.window.ends_at is not None
    later = gone_on.attempt.window.ends_at - begun.window.ends_at
    assert timedelta(minutes=20) <= later < timedelta(minutes=21)


async def test_who_saves_while_it_is_paused_may_come_again_with_the_same_key(
    campus: Campus,
) -> None:
    begun = await campus.started(assessment=EXAM)
    await pause(campus, PROCTOR, begun.id)
    await campus.passes(timedelta(minutes=1))
    who, given = campus.asking(), [chose("q1", "b")]

    refused = await campus.client.save(who, begun.id, given, "key", None)
    await campus.client.act(campus.asking(PROCTOR), Deed.RESUME, begun.id, "Over", "resume")
    taken = await campus.client.save(who, begun.id, given, "key", None)

    assert isinstance(refused, AttemptConflict)
    assert (refused.code, refused.retryable) == (ErrorCode.WINDOW_CLOSED, True)
    assert isinstance(taken, AttemptAccepted)


async def test_a_void_attempt_is_kept_and_takes_nothing_more(campus: Campus) -> None:
    begun = await campus.started(assessment=EXAM)
    await campus.saved(begun.id, chose("q1", "b"))
    done = await void(campus, PROCTOR, begun.id)

    more = await campus.client.save(
        campus.asking(), begun.id, [chose("q1", "c", sequence=2)], "m", None
    )

    assert done.attempt.state is AttemptState.INVALIDATED
    assert [answer.response.choices for answer in done.attempt.answers] == [["b"]]
    assert isinstance(more, AttemptConflict)
    assert more.code is ErrorCode.ATTEMPT_CLOSED


async def test_a_reopened_attempt_goes_on(campus: Campus) -> None:
    begun = await campus.started(assessment=EXAM)
    await campus.submitted(begun.id, chose("q1", "b"))

    again = await reopen(campus, TEACHER, begun.id)
    saved = await campus.saved(begun.id, chose("q1", "c", sequence=2))

    assert again.attempt.state is AttemptState.IN_PROGRESS
    assert (again.attempt.score, again.attempt.receipt) == (None, None)
    assert [answer.response.choices for answer in saved.answers] == [["c"]]


async def test_nothing_is_reopened_beside_an_open_attempt(campus: Campus) -> None:
    first = await campus.started()
    await campus.submitted(first.id)
    await campus.client.start(campus.asking(), assessment_id(campus.tenant, QUIZ), "second")

    found = await reopen(campus, TEACHER, first.id)

    assert isinstance(found, AttemptConflict)
    assert found.code is ErrorCode.ATTEMPT_CLOSED


async def test_a_humans_grade_stands(campus: Campus) -> None:
    begun = await campus.started(assessment=EXAM)
    await campus.submitted(begun.id, chose("q1", "b"))

    graded = await grade(campus, TEACHER, begun.id)

    assert graded.attempt.score.raw == 4.0
    assert [row["data"]["type"] for row in await campus.rows("attempt_events")][-1] == "ItemGraded"


async def test_what_is_granted_reaches_an_open_attempt_and_the_next_one(campus: Campus) -> None:
    begun = await campus.started(assessment=EXAM)

    granted = await grant(campus, TEACHER, begun.id)

    [mine] = await campus.client.mine(campus.asking(), [assessment_id(campus.tenant, EXAM)])
    assert granted == TimeGranted([learner_id(campus.tenant, LEARNER)])
    assert not isinstance(mine, Refused)
    assert mine[0].version == 2
    assert mine[0].window is not None
    assert mine[0].window.extra_time == timedelta(hours=1, minutes=30)
    await campus.submitted(begun.id)
    second = await campus.client.start(campus.asking(), assessment_id(campus.tenant, EXAM), "2nd")
    assert isinstance(second, AttemptAccepted)


async def test_time_may_be_granted_before_there_is_an_attempt(campus: Campus) -> None:
    await grant(campus, TEACHER, campus.named(f"{EXAM}-{LEARNER}-1"))

    begun = await campus.started(assessment=EXAM)

    assert begun.window is not None
    assert begun.window.extra_time == timedelta(hours=1, minutes=30)


async def test_a_grant_sent_again_adds_nothing(campus: Campus) -> None:
    first = await grant(campus, TEACHER, campus.named("8-4-1"))

    again = await grant(campus, TEACHER, campus.named("8-4-1"))

    assert again == first
    assert len(await campus.rows("grants")) == 1
    [row] = await campus.rows("accommodations")
    assert (row["extra_s"], row["extra_attempts"]) == (3_600, 1)


async def test_nobody_is_granted_anything_beside_one_who_does_not_learn_there(
    campus: Campus,
) -> None:
    both = [learner_id(campus.tenant, LEARNER), learner_id(campus.tenant, STRANGER)]
    where = assessment_id(campus.tenant, EXAM)

    found = await campus.client.grant(
        campus.asking(TEACHER), where, Extra(both, HOUR, 1.0, 0), "Why", "key"
    )

    assert found == HIDDEN
    assert await campus.rows("accommodations") == []


@pytest.mark.parametrize(
    ("extra", "multiplier", "attempts"),
    [(timedelta(days=8), 1.0, 0), (HOUR, 0.5, 0), (HOUR, 1.0, -1), (-HOUR, 1.0, 0)],
)
async def test_too_much_is_not_granted(
    campus: Campus, extra: timedelta, multiplier: float, attempts: int
) -> None:
    given = Extra([learner_id(campus.tenant, LEARNER)], extra, multiplier, attempts)
    where = assessment_id(campus.tenant, EXAM)

    found = await campus.client.grant(campus.asking(TEACHER), where, given, "Why", "key")

    assert isinstance(found, Refused)
    assert found.code is ErrorCode.INVALID


async def test_rules_are_set_and_open_attempts_are_looked_at_again(campus: Campus) -> None:
    begun = await campus.started(assessment=EXAM)

    assert await set_rules(campus, TEACHER, begun.id) == RulesSet(
        assessment_id(campus.tenant, EXAM)
    )
    due = "SELECT due_at = '-infinity' FROM attempts WHERE tenant_id = $1"
    assert await campus.value(due)
