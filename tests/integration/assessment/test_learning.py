"""What learners do to attempts, over HTTP: one key, one effect, one answer."""

import asyncio
from datetime import timedelta

import pytest

from services.assessment.store import learners
from services.contracts.assessment import AttemptAccepted, AttemptConflict, AttemptState
from services.contracts.assessment_api import SAVE, START, WAITED, Save, Start
from services.contracts.errors import HIDDEN, KEY_REUSED, ErrorCode, Refused
from services.contracts.ids import decode
from tests.fakes.tenant import LEARNER, OPERATOR, OTHER, TEACHER, assessment_id
from tests.integration.assessment.asking import posted
from tests.integration.assessment.campus import (
    PROCTOR,
    STRANGER,
    Campus,
    chose,
    counted,
    wrote,
)
from tests.integration.assessment.definitions import EXAM, ITEMS, KEYS, QUIZ, exam, quiz

AT_ONCE = 10


async def test_an_attempt_is_begun_answered_and_handed_in(campus: Campus) -> None:
    begun = await campus.started()
    saved = await campus.saved(begun.id, chose("q1", "b"), counted("q2", 46.2))
    done = await campus.submitted(begun.id, wrote("q3", " Because "))

    assert decode(begun.id).local == f"{QUIZ}-{LEARNER}-1"
    assert (begun.state, begun.number, begun.version) == (AttemptState.IN_PROGRESS, 1, 1)
    assert [answer.item_id for answer in saved.answers] == ["q1", "q2"]
    assert (done.state, done.version) == (AttemptState.GRADED, 5)
    assert done.score is not None
    assert (done.score.raw, done.score.max) == (6.0, 6.0)
    assert done.receipt is not None
    assert (done.receipt.answered, done.receipt.of) == (3, 3)


async def test_each_step_is_told_with_the_attempts_own_version(campus: Campus) -> None:
    begun = await campus.started()
    await campus.submitted(begun.id, chose("q1", "b"))

    told = [
        (row["stream"], row["version"], row["data"]["attempt"]["state"])
        for row in await campus.rows("outbox")
    ]
    stream = f"attempt/{campus.tenant}/{QUIZ}-{LEARNER}-1"
    states = ["IN_PROGRESS", "IN_PROGRESS", "SUBMITTED", "GRADED"]
    assert told == [(stream, nth, state) for nth, state in enumerate(states, 1)]


async def test_the_same_key_gets_the_same_reply_and_does_nothing_more(campus: Campus) -> None:
    attempt = (await campus.started()).id
    who, given = campus.asking(), [chose("q1", "b")]

    first = await campus.client.submit(who, attempt, given, "key", None)
    second = await campus.client.submit(who, attempt, given, "key", None)

    assert isinstance(first, AttemptAccepted)
    assert second == first
    assert len(await campus.rows("attempt_events")) == 4


async def test_a_key_is_not_taken_for_something_else(campus: Campus) -> None:
    attempt = (await campus.started()).id
    who = campus.asking()
    await campus.client.save(who, attempt, [chose("q1", "b")], "key", None)

    other = await campus.client.save(who, attempt, [chose("q1", "c")], "key", None)

    assert other == KEY_REUSED
    assert (await campus.rows("answers"))[0]["data"]["response"] == {"choices": ["b"]}


async def test_start_pressed_many_times_at_once_begins_one_attempt(campus: Campus) -> None:
    async with asyncio.TaskGroup() as pressed:
        tasks = [
            pressed.create_task(
                campus.client.start(campus.asking(), assessment_id(campus.tenant, QUIZ), f"{nth}")
            )
            for nth in range(AT_ONCE)
        ]

    replies = [task.result() for task in tasks]
    assert all(isinstance(reply, AttemptAccepted) for reply in replies)
    accepted = [reply for reply in replies if isinstance(reply, AttemptAccepted)]
    assert {(reply.attempt.id, reply.attempt.version) for reply in accepted} == {
        (campus.named(f"{QUIZ}-{LEARNER}-1"), 1)
    }
    assert [reply.duplicate for reply in accepted].count(False) == 1
    assert len(await campus.rows("attempts")) == 1


async def test_without_the_learners_lock_some_who_press_are_turned_away(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked = "SELECT exam_now() AS now WHERE $1::text IS NOT NULL"
    monkeypatch.setattr(learners, "LOCK", unlocked)

    replies = await asyncio.gather(
        *(
            campus.client.start(campus.asking(), assessment_id(campus.tenant, QUIZ), f"{nth}")
            for nth in range(AT_ONCE)
        )
    )

    assert any(isinstance(reply, Refused) for reply in replies)


async def test_submit_pressed_many_times_at_once_hands_in_once(campus: Campus) -> None:
    attempt = (await campus.started()).id
    async with asyncio.TaskGroup() as pressed:
        tasks = [
            pressed.create_task(
                campus.client.submit(campus.asking(), attempt, [chose("q1", "b")], f"{nth}", None)
            )
            for nth in range(AT_ONCE)
        ]

    replies = [task.result() for task in tasks]
    receipts = {
        reply.attempt.receipt.hash
        for reply in replies
        if isinstance(reply, AttemptAccepted) and reply.attempt.receipt
    }
    assert len(receipts) == 1
    assert all(isinstance(reply, AttemptAccepted) for reply in replies)
    assert len(await campus.rows("attempt_events")) == 4


async def test_an_open_attempt_is_given_again_with_its_answers(campus: Campus) -> None:
    begun = await campus.started()
    await campus.saved(begun.id, chose("q1", "b"))

    again = await campus.client.start(
        campus.asking(), assessment_id(campus.tenant, QUIZ), "another"
    )

    assert isinstance(again, AttemptAccepted)
    assert (again.duplicate, again.attempt.id) == (True, begun.id)
    assert [answer.response.choices for answer in again.attempt.answers] == [["b"]]


async def test_nobody_has_more_attempts_than_are_allowed(campus: Campus) -> None:
    await campus.define(quiz(attempts_allowed=1))
    await campus.submitted((await campus.started()).id)

    more = await campus.client.start(campus.asking(), assessment_id(campus.tenant, QUIZ), "more")

    assert isinstance(more, Refused)
    assert more.code is ErrorCode.ATTEMPT_LIMIT


@pytest.mark.parametrize("user", [TEACHER, OPERATOR])
async def test_staff_preview_and_nobody_is_told(campus: Campus, user: str) -> None:
    begun = await campus.started(user)

    assert begun.preview
    assert decode(begun.id).local == f"{QUIZ}-{user}-p1"
    assert await campus.rows("outbox") == []


@pytest.mark.parametrize("user", [STRANGER, PROCTOR])
async def test_who_has_no_part_in_the_course_begins_nothing(campus: Campus, user: str) -> None:
    found = await campus.client.start(
        campus.asking(user), assessment_id(campus.tenant, QUIZ), "key"
    )

    assert found == HIDDEN
    assert await campus.rows("attempts") == []


@pytest.mark.parametrize("user", [OTHER, TEACHER, STRANGER])
async def test_nobody_answers_in_anothers_attempt(campus: Campus, user: str) -> None:
    attempt = (await campus.started()).id

    saved = await campus.client.save(campus.asking(user), attempt, [chose("q1", "b")], "k", None)
    handed_in = await campus.client.submit(campus.asking(user), attempt, [], "l", None)

    assert [saved, handed_in] == [HIDDEN, HIDDEN]


async def test_who_expects_another_version_is_told_how_it_is(campus: Campus) -> None:
    begun = await campus.started()
    await campus.saved(begun.id, chose("q1", "b"))

    found = await campus.client.save(
        campus.asking(), begun.id, [chose("q1", "c", sequence=2)], "k", 1
    )

    assert isinstance(found, AttemptConflict)
    assert (found.code, found.current.version) == (ErrorCode.VERSION_CONFLICT, 2)


async def test_what_was_received_in_time_counts_however_long_it_waited(campus: Campus) -> None:
    attempt = (await campus.started(assessment=EXAM)).id
    await campus.passes(timedelta(hours=1, seconds=15))
    save = Save(decode(attempt).local, [chose("q1", "b")])

    late = await posted(campus, SAVE, save, "late")
    waited = await posted(campus, SAVE, save, "waited", {WAITED: "10000"})

    assert isinstance(late, AttemptConflict)
    assert late.code is ErrorCode.WINDOW_CLOSED
    assert isinstance(waited, AttemptAccepted)


async def test_nobody_can_say_that_they_waited_for_longer_than_half_a_minute(
    campus: Campus,
) -> None:
    attempt = (await campus.started(assessment=EXAM)).id
    await campus.passes(timedelta(hours=1, seconds=45))

    found = await posted(
        campus, SAVE, Save(decode(attempt).local, [chose("q1", "b")]), "k", {WAITED: "9000000"}
    )

    assert isinstance(found, AttemptConflict)


async def test_an_exam_is_not_begun_before_it_opens(campus: Campus) -> None:
    now = await campus.now()
    await campus.define(exam(now + timedelta(hours=2)))

    found = await posted(campus, START, Start(EXAM), "key")

    assert isinstance(found, Refused)
    assert found.code is ErrorCode.WINDOW_CLOSED


async def test_an_attempt_keeps_the_version_it_began_with(campus: Campus) -> None:
    begun = await campus.started()
    await campus.define(quiz(items=ITEMS[:1], keys=KEYS[:1]))

    done = await campus.submitted(begun.id, counted("q2", 46))

    assert done.score is not None
    assert (done.score.raw, done.score.max) == (1.0, 6.0)


@pytest.mark.parametrize("number", [-0.0, 1e300, 5e-324, 0.1, 123456789.123456789])
async def test_a_number_is_read_as_it_was_written(campus: Campus, number: float) -> None:
    begun = await campus.started()
    await campus.saved(begun.id, counted("q2", number))

    [found] = await campus.client.many(campus.asking(), [begun.id])

    assert not isinstance(found, Refused)
    assert [answer.response.number for answer in found.answers] == [number]


async def test_a_text_that_no_database_holds_is_refused(campus: Campus) -> None:
    begun = await campus.started()

    found = await campus.client.save(campus.asking(), begun.id, [wrote("q3", "a\x00b")], "k", None)

    assert isinstance(found, Refused)
    assert found.code is ErrorCode.INVALID
