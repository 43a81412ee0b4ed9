"""What every side promises to learners who work on attempts."""

import asyncio

import pytest

from services.contracts.assessment import AttemptAccepted, AttemptState, Given, Response, Score
from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.receipt import receipt
from tests.contract.desk import (
    Desk,
    accepted,
    begun,
    conflict,
    lasting,
    repeated,
    start,
)
from tests.contract.exam_hall import (
    EARLY,
    ESSAY,
    MOST,
    NOWHERE,
    ONCE,
    QUIZ,
    RIGHT,
    SHUT,
    right,
)
from tests.contract.side import Side

AT_ONCE = 10
A, B = (Given("q1", sequence, Response(choices=[one])) for sequence, one in ((1, "a"), (2, "b")))
WRONG = [
    Given("q9", 1, Response(text="a")),
    Given("q1", 1, Response(text="a")),
    Given("q1", 1, Response(choices=["a", "b"])),
    Given("q1", 1, Response(choices=["x"])),
    Given("q2", 1, Response(number=1.0)),
    Given("q3", 1, Response(text="3.14")),
    Given("q4", 1, Response(choices=["a"])),
    Given("q5", 1, Response(choices=["a", "x"])),
]


def code(done: object) -> ErrorCode:
    assert isinstance(done, Refused), done
    return done.code


class TestStarting:
    async def test_an_attempt_begins_empty(self, hall: Side) -> None:
        found = accepted(await start(hall, QUIZ))

        assert (found.number, found.state) == (1, AttemptState.IN_PROGRESS)
        assert (found.answers, found.score, found.receipt) == ([], None, None)
        assert found.started_at is not None
        assert found.submitted_at is None

    async def test_an_open_attempt_is_given_again(self, hall: Side) -> None:
        first = accepted(await start(hall, QUIZ, "one"))

        second = repeated(await start(hall, QUIZ, "two"))

        assert lasting(second) == lasting(first)

    async def test_one_key_begins_one_attempt(self, hall: Side) -> None:
        done = [await start(hall, QUIZ, "the same") for _ in range(3)]

        attempts = [one.attempt for one in done if isinstance(one, AttemptAccepted)]
        assert len(attempts) == 3
        assert len({one.id for one in attempts}) == 1

    async def test_starts_at_once_begin_one_attempt(self, hall: Side) -> None:
        keys = [f"key {number}" for number in range(AT_ONCE)]

        done = await asyncio.gather(*(start(hall, QUIZ, key) for key in keys))

        attempts = [one.attempt for one in done if isinstance(one, AttemptAccepted)]
        assert len(attempts) == AT_ONCE
        assert {one.number for one in attempts} == {1}

    async def test_after_a_submit_the_next_attempt_begins(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)
        accepted(await desk.submit())

        second = accepted(await start(hall, QUIZ, "again"))

        assert second.number == 2
        assert second.id != desk.attempt

    async def test_no_more_attempts_begin_than_are_allowed(self, hall: Side) -> None:
        desk = await begun(hall, ONCE)
        accepted(await desk.submit())

        assert code(await start(hall, ONCE, "again")) is ErrorCode.ATTEMPT_LIMIT

    @pytest.mark.parametrize("number", [EARLY, SHUT])
    async def test_nothing_begins_outside_of_its_window(self, hall: Side, number: int) -> None:
        assert code(await start(hall, number)) is ErrorCode.WINDOW_CLOSED

    async def test_what_is_not_there_is_not_begun(self, hall: Side) -> None:
        assert await start(hall, NOWHERE) == HIDDEN


class TestSaving:
    async def test_answers_of_every_kind_are_kept_as_they_were_given(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)

        saved = accepted(await desk.save(*right()))

        found = await desk.read()
        assert lasting(found) == lasting(saved)
        assert {one.item_id: one.response for one in found.answers} == RIGHT
        assert found.saved_at is not None
        assert {one.points for one in found.answers} == {None}

    async def test_a_newer_answer_takes_the_place_of_an_older_one(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)

        accepted(await desk.save(A, key="one"))
        saved = accepted(await desk.save(B, key="two"))

        assert [one.response for one in saved.answers] == [B.response]

    async def test_of_two_answers_to_one_item_the_newer_is_saved(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)

        saved = accepted(await desk.save(B, A))

        assert [one.response for one in saved.answers] == [B.response]

    async def test_saves_of_other_items_leave_each_other_alone(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)

        await asyncio.gather(*(desk.save(one, key=one.item_id) for one in right()))

        found = await desk.read()
        assert {one.item_id: one.response for one in found.answers} == RIGHT

    async def test_an_answer_may_be_cleared(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)
        accepted(await desk.save(A, key="one"))

        saved = accepted(await desk.save(Given("q1", 2, Response()), key="two"))

        assert [one.response.is_cleared for one in saved.answers] == [True]

    @pytest.mark.parametrize("wrong", WRONG)
    async def test_what_is_no_answer_is_refused_and_nothing_is_saved(
        self, hall: Side, wrong: Given
    ) -> None:
        desk = await begun(hall, QUIZ)
        answer = Given("q4" if wrong.item_id != "q4" else "q1", 1, RIGHT["q4"])

        done = await desk.save(answer, wrong)

        assert code(done) is ErrorCode.INVALID
        assert (await desk.read()).answers == []

    async def test_another_version_is_a_conflict_and_nothing_is_saved(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)
        before = await desk.read()

        done = await desk.save(A, version=before.version + 7)

        assert lasting(conflict(done, ErrorCode.VERSION_CONFLICT)) == lasting(before)
        assert lasting(await desk.read()) == lasting(before)

    async def test_the_version_that_was_read_is_none(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)

        accepted(await desk.save(A, version=(await desk.read()).version))

    @pytest.mark.parametrize("verb", ["save", "submit"])
    async def test_nobody_touches_the_attempt_of_another(self, hall: Side, verb: str) -> None:
        desk = await begun(hall, QUIZ)
        before = await desk.read()
        others = Desk(hall, hall.other, desk.attempt)

        assert await getattr(others, verb)(A) == HIDDEN

        assert lasting(await desk.read()) == lasting(before)

    async def test_learners_side_by_side_have_each_their_own(self, hall: Side) -> None:
        mine, others = await begun(hall, QUIZ), await begun(hall, QUIZ, hall.other)

        accepted(await mine.save(A))
        accepted(await others.save(B))

        assert [one.response for one in (await mine.read()).answers] == [A.response]
        assert [one.response for one in (await others.read()).answers] == [B.response]


class TestSubmitting:
    async def test_what_was_handed_in_is_scored_at_once(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)

        done = accepted(await desk.submit(*right()))

        assert (done.state, done.score) == (AttemptState.GRADED, Score(MOST, MOST))
        assert lasting(await desk.read()) == lasting(done)

    async def test_what_was_saved_before_counts(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)
        accepted(await desk.save(A))

        done = accepted(await desk.submit(Given("q4", 1, RIGHT["q4"])))

        assert done.score == Score(2.0, MOST)

    async def test_what_a_human_must_read_waits(self, hall: Side) -> None:
        desk = await begun(hall, ESSAY)

        done = accepted(await desk.submit(Given("q1", 1, Response(text="Because."))))

        assert done.state is AttemptState.PENDING_REVIEW

    async def test_a_receipt_covers_what_was_answered(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)
        cleared = Given("q5", 1, Response())

        done = accepted(await desk.submit(*right()[:4], cleared))

        assert done.receipt is not None
        assert done.submitted_at is not None
        assert done.receipt == receipt(done.id, done.submitted_at, done.answers, 5)
        assert (done.receipt.answered, done.receipt.of) == (4, 5)
        assert done.receipt.accepted_at == done.submitted_at

    @pytest.mark.parametrize("again", [[], right()])
    async def test_a_second_submit_of_the_same_gets_the_first_answer(
        self, hall: Side, again: list[Given]
    ) -> None:
        desk = await begun(hall, QUIZ)
        first = accepted(await desk.submit(*right(), key="one"))

        second = repeated(await desk.submit(*again, key="two"))

        assert lasting(second) == lasting(first)

    async def test_a_second_submit_of_another_is_a_conflict(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)
        first = accepted(await desk.submit(A, key="one"))

        second = await desk.submit(B, key="two")

        assert lasting(conflict(second, ErrorCode.ATTEMPT_CLOSED)) == lasting(first)
        assert lasting(await desk.read()) == lasting(first)

    async def test_a_save_after_the_submit_changes_nothing(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)
        done = accepted(await desk.submit(A, key="one"))

        same = repeated(await desk.save(A, key="two"))
        other = conflict(await desk.save(B, key="three"), ErrorCode.ATTEMPT_CLOSED)

        assert lasting(same) == lasting(other) == lasting(done)
        assert lasting(await desk.read()) == lasting(done)

    async def test_what_is_closed_is_expected_in_no_version(self, hall: Side) -> None:
        desk = await begun(hall, QUIZ)
        done = accepted(await desk.submit(A, key="one"))

        same = [
            repeated(await desk.save(A, key="two", version=99)),
            repeated(await desk.submit(A, key="three", version=99)),
        ]
        other = await desk.submit(B, key="four", version=99)

        assert [lasting(one) for one in same] == [lasting(done)] * 2
        conflict(other, ErrorCode.ATTEMPT_CLOSED)

    async def test_submits_at_once_have_one_effect(self, hall: Side) -> None:
        desk = await begun(hall, ONCE)

        done = await asyncio.gather(*(desk.submit(*right(), key="same") for _ in range(AT_ONCE)))

        attempts = [lasting(one.attempt) for one in done if isinstance(one, AttemptAccepted)]
        assert attempts == [lasting(await desk.read())] * AT_ONCE
