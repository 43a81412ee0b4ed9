"""What there was before a command is told by the old side's changes, or it is not known."""

from services.assessment.foreseeing.history import History, history
from services.contracts.events import PastAttempt
from tests.unit.services.assessment.foreseeing.told import GRADED, at, became, change, past

BEGUN, SAVED, DONE = past(), past(saved_s=5), past(1, GRADED, 5, 9)
CHANGES = [change(1, 0, BEGUN), change(2, 5, SAVED), change(3, 9, DONE)]


def known(mirrored: list[PastAttempt] | None = None) -> History:
    return history(CHANGES, 3, [DONE] if mirrored is None else mirrored)


def test_before_a_command_there_was_what_the_change_before_its_own_left() -> None:
    assert known().before(became(BEGUN)) == [[]]
    assert known().before(became(SAVED)) == [[BEGUN]]
    assert known().before(became(DONE)) == [[SAVED]]


def test_what_no_change_says_is_not_known_to_have_been_before_anything() -> None:
    assert known().before(became(past(saved_s=6))) == []
    assert history(CHANGES[1:], 3, [DONE]).before(became(SAVED)) == []


def test_where_nothing_was_written_there_was_all_that_was_there_meanwhile() -> None:
    assert known().during(at(6), at(8)) == [[SAVED]]
    assert known().during(at(4), at(6)) == [[BEGUN], [SAVED]]
    assert known().during(at(20), at(30)) == [[DONE]]


def test_what_was_there_before_the_first_change_that_is_told_is_not_known() -> None:
    late = history(CHANGES[1:], 3, [DONE])

    assert late.during(at(4), at(6)) == []
    assert late.during(at(6), at(8)) == [[SAVED]]


def test_a_first_change_of_what_was_begun_long_ago_does_not_begin_it() -> None:
    told = [change(1, 5, SAVED)]

    assert history(told, 1, [SAVED]).before(became(SAVED)) == []


def test_where_nothing_ever_changed_there_was_what_is_mirrored() -> None:
    assert history([], 0, [DONE]).during(at(0), at(1)) == [[DONE]]


def test_a_feed_that_tells_another_version_than_is_mirrored_tells_nothing() -> None:
    assert history(CHANGES, 4, [DONE]).versions == []


def test_what_is_mirrored_wrongly_is_wrong_as_far_as_nothing_changed_since() -> None:
    first, second = past(1, GRADED, 1, 2), past(2, saved_s=3)
    told = [change(7, 2, first), change(8, 3, first, second)]
    wrong = past(1, GRADED, 1, 2, late=True)

    assert history(told, 8, [wrong, second]).before(became(second)) == [[wrong]]
    assert history(told, 8, [second]).before(became(second)) == [[]]
