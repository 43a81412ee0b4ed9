"""What a bench counts as lost: each kind of loss is seen."""

from collections import Counter
from typing import Any

from bench.crowd import Crowd
from bench.losses import Losses, losses

NONE = Losses(refused_in_time=0, lost=0, duplicates=0)


def crowd(*users: int, refused: int = 0) -> Crowd:
    took = dict.fromkeys(users, 0.1)
    return Crowd(0.0, took=took, refused=Counter({"WINDOW_CLOSED": refused}))


def event(user: int, what: str, *, by_hand: bool = True, times: int = 1) -> dict[str, Any]:
    return {"user_id": user, "number": 1, "what": what, "by_hand": by_hand, "times": times}


def events(*users: int) -> list[dict[str, Any]]:
    kinds = ("AttemptBegun", "AnswersSaved", "AttemptSubmitted", "AttemptScored")
    return [event(user, what) for user in users for what in kinds]


def answered(*users: int, items: int = 5) -> list[dict[str, Any]]:
    return [{"user_id": user, "items": items, "newest": 2} for user in users]


def test_nothing_is_lost_where_the_log_says_what_learners_were_told() -> None:
    assert losses(crowd(7, 8), crowd(7, 8), events(7, 8), answered(7, 8)) == NONE


def test_a_start_that_was_acknowledged_and_is_in_no_log_is_lost() -> None:
    assert losses(crowd(7, 8), crowd(7), events(7), answered(7)).lost == 1


def test_a_submit_that_only_time_made_is_lost() -> None:
    log = [event(7, "AttemptBegun"), event(7, "AttemptSubmitted", by_hand=False)]

    assert losses(crowd(7), crowd(7), log, answered(7)).lost == 1


def test_a_submit_with_an_answer_too_few_is_lost() -> None:
    assert losses(crowd(7), crowd(7), events(7), answered(7, items=4)).lost == 1


def test_whoever_was_refused_in_the_end_is_counted_in_both_crowds() -> None:
    seen = losses(crowd(7, refused=2), crowd(7, refused=1), events(7), answered(7))

    assert seen.refused_in_time == 3


def test_a_second_attempt_and_a_second_submit_are_duplicates() -> None:
    log = [*events(7), event(7, "AttemptBegun"), event(7, "AttemptSubmitted", times=2)]

    assert losses(crowd(7), crowd(7), log, answered(7)).duplicates == 1 + 2
