"""A submission becomes an attempt, and tells which lessons were done."""

from pathlib import Path

import pytest

from legacy.monolith.oulad.attempts import HandedIn, attempt, by_learner, completions
from legacy.monolith.oulad.data import Data
from tests.unit.legacy.monolith.oulad.tiny import data


@pytest.fixture
def tiny(tmp_path: Path) -> Data:
    return data(tmp_path)


def handed_in(where: Path, *rows: str) -> list[HandedIn]:
    return data(where, studentAssessment=list(rows)).works


def done(works: list[HandedIn]) -> list[tuple[int, int]]:
    """Lessons done, and the day."""
    return [(each.lesson.id, each.day) for each in completions(works)]


def test_an_attempt_tells_when_it_was_handed_in_and_its_score(tiny: Data) -> None:
    assert attempt(tiny.works[0]) == {
        "number": 1,
        "state": "graded",
        "started": "2013-10-19 12:00:00",
        "saved": None,
        "submitted": "2013-10-19 12:00:00",
        "answers": {},
        "score": 78.0,
        "max": 100.0,
        "late": False,
        "banked": False,
    }


@pytest.mark.parametrize(("day", "late"), [(25, False), (26, True)])
def test_late_is_what_comes_after_the_deadlines_day(tmp_path: Path, day: int, late: bool) -> None:
    (work,) = handed_in(tmp_path, f"11,101,{day},0,78")

    assert attempt(work)["late"] is late


@pytest.mark.parametrize(("said", "banked"), [("0", False), ("1", True), ("True", True)])
def test_banked_is_told(tmp_path: Path, said: str, banked: bool) -> None:
    (work,) = handed_in(tmp_path, f"11,101,18,{said},78")

    assert attempt(work)["banked"] is banked


def test_a_summer_day_is_told_in_local_time(tmp_path: Path) -> None:
    """Noon stays noon when the clocks change."""
    (work,) = handed_in(tmp_path, "11,101,200,0,78")

    assert attempt(work)["submitted"] == "2014-04-19 12:00:00"


def test_who_handed_in_has_done_the_lessons_before(tmp_path: Path) -> None:
    works = handed_in(tmp_path, "11,101,18,0,78")

    assert done(works) == [(501, 18), (502, 18), (503, 18)]


def test_a_lesson_was_done_by_the_first_assessment_that_needs_it(tmp_path: Path) -> None:
    works = handed_in(tmp_path, "12,101,60,0,50", "11,101,18,0,78")

    assert done(works) == [(501, 18), (502, 18), (503, 18), (504, 60), (505, 60), (506, 60)]


def test_the_last_assessment_needs_every_lesson(tmp_path: Path) -> None:
    assert len(done(handed_in(tmp_path, "13,101,95,0,60"))) == 10


def test_who_handed_in_nothing_has_done_nothing(tmp_path: Path) -> None:
    works = handed_in(tmp_path, "11,101,18,0,78")

    assert [theirs[0].submission.learner for theirs in by_learner(works)] == [101]


def test_learners_and_courses_are_kept_apart(tiny: Data) -> None:
    groups = [[work.submission.learner for work in theirs] for theirs in by_learner(tiny.works)]

    assert groups == [[101, 101], [102]]
