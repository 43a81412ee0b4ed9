"""The rules of one attempt."""

from datetime import datetime

from legacy.monolith.attempt import begun, due_at, saved, submitted, why_not_start
from legacy.monolith.local_time import read
from legacy.monolith.seed import assessment
from tests.unit.legacy.monolith.questions import ESSAY, FIVE, RIGHT

NOON = read("2026-03-10 12:00:00")


def at(clock: str) -> datetime:
    return read(f"2026-03-10 {clock}")


def test_an_assessment_without_limits_may_always_be_started() -> None:
    assert why_not_start(assessment(FIVE), [], NOON) is None


def test_before_it_opens_it_may_not_be_started() -> None:
    body = assessment(FIVE, opens="2026-03-10 12:00:01")

    assert why_not_start(body, [], NOON) == "This assessment is not open yet."
    assert why_not_start(body, [], at("12:00:01")) is None


def test_after_it_closes_it_may_not_be_started() -> None:
    body = assessment(FIVE, closes="2026-03-10 12:00:00")

    assert why_not_start(body, [], at("12:00:01")) == "This assessment is closed."
    assert why_not_start(body, [], NOON) is None


def test_no_more_attempts_are_given_than_allowed() -> None:
    body = assessment(FIVE, attempts_allowed=1)
    first = begun(body, [], NOON)

    assert why_not_start(body, [first], NOON) == "There are no attempts left."
    assert why_not_start(body, [], NOON) is None


def test_an_attempt_begins_with_the_next_number_and_what_it_can_be_worth() -> None:
    body = assessment(FIVE)
    first = begun(body, [], NOON)

    second = begun(body, [first], NOON)

    assert (second["number"], second["state"], second["max"]) == (2, "in_progress", 8.5)


def test_a_save_keeps_older_answers_and_drops_those_to_no_question() -> None:
    body = assessment(FIVE)
    attempt = saved(begun(body, [], NOON), body, {"q1": "b", "q3": 1}, NOON)

    again = saved(attempt, body, {"q1": "a", "q99": "?"}, at("12:05:00"))

    assert again["answers"] == {"q1": "a", "q3": 1}
    assert again["saved"] == "2026-03-10 12:05:00"


def test_a_submit_scores_at_once() -> None:
    body = assessment(FIVE)
    attempt = saved(begun(body, [], NOON), body, RIGHT, NOON)

    done = submitted(attempt, body, at("12:10:00"))

    assert (done["state"], done["score"], done["submitted"]) == (
        "graded",
        8.5,
        "2026-03-10 12:10:00",
    )


def test_what_a_human_must_read_stays_submitted_without_a_score() -> None:
    body = assessment([*FIVE, ESSAY])
    attempt = saved(begun(body, [], NOON), body, RIGHT | {"q6": "Because."}, NOON)

    done = submitted(attempt, body, NOON)

    assert (done["state"], done["score"]) == ("submitted", None)


def test_an_attempt_is_due_when_time_is_up_or_at_the_close_whichever_is_first() -> None:
    body = assessment(FIVE, closes="2026-03-10 13:00:00", time_limit_min=30)

    assert due_at(begun(body, [], NOON), body) == at("12:30:00")
    assert due_at(begun(body, [], at("12:45:00")), body) == at("13:00:00")


def test_an_attempt_without_limits_is_never_due() -> None:
    body = assessment(FIVE)

    assert due_at(begun(body, [], NOON), body) is None


def test_within_the_grace_a_submit_is_not_late_and_behind_it_it_is() -> None:
    body = assessment(FIVE, closes="2026-03-10 13:00:00", grace_s=60)
    attempt = begun(body, [], NOON)

    assert not submitted(attempt, body, at("13:01:00"))["late"]
    assert submitted(attempt, body, at("13:01:01"))["late"]
