"""A course is made of a presentation: local dates, lessons by week, modules by deadline."""

from datetime import datetime
from pathlib import Path

import pytest

from legacy.monolith.local_time import read
from legacy.monolith.oulad.course import Course, Ids
from tests.unit.legacy.monolith.oulad.tiny import ROWS, data


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (course,) = data(tmp_path).courses
    return course


def titles(course: Course) -> list[str]:
    return [lesson.title for lesson in course.lessons]


def test_a_course_is_named_after_its_presentation(course: Course) -> None:
    assert (course.id, course.code, course.title) == (1, "AAA/2013J", "AAA, presentation 2013J")


@pytest.mark.parametrize(
    ("presentation", "start"),
    [("2014B", "2014-02-01 00:00:00"), ("2013J", "2013-10-01 00:00:00")],
)
def test_b_begins_in_february_and_j_in_october(
    tmp_path: Path, presentation: str, start: str
) -> None:
    (course,) = data(tmp_path, courses=[f"CCC,{presentation},240"], assessments=[]).courses

    assert course.starts == read(start)


def test_a_deadline_is_the_last_minute_of_its_day(course: Course) -> None:
    assert [course.closes(exercise) for exercise in course.exercises] == [
        read("2013-10-26 23:59:00"),
        read("2013-11-25 23:59:00"),
        read("2014-01-09 23:59:00"),
    ]


def test_dates_are_local_and_have_no_zone(course: Course) -> None:
    moments: list[datetime] = [course.starts, course.noon(-1)]

    assert [moment.tzinfo for moment in moments] == [None, None]


def test_types_become_the_monoliths(course: Course) -> None:
    kinds = [(exercise.title, exercise.type) for exercise in course.exercises]

    assert kinds == [("TMA", "ASSIGNMENT"), ("CMA", "QUIZ"), ("Exam", "EXAM")]


def test_lessons_are_spread_evenly_over_the_presentation(course: Course) -> None:
    assert [lesson.day for lesson in course.lessons] == [day * 10.0 for day in range(10)]


def test_modules_are_the_stretches_between_deadlines(course: Course) -> None:
    sizes = [(module.title, len(module.lessons)) for module in course.modules]

    assert sizes == [
        ("Block 1, from week 1", 3),
        ("Block 2, from week 5", 3),
        ("Block 3, from week 9", 4),
    ]


def test_a_short_stretch_joins_the_one_before_it(tmp_path: Path) -> None:
    assessments = [f"AAA,2013J,{day},TMA,{day},10" for day in (25, 35, 55)]

    (course,) = data(tmp_path, assessments=assessments).courses

    assert [len(module.lessons) for module in course.modules] == [6, 4]


def test_the_first_forty_materials_that_are_studied_become_lessons(tmp_path: Path) -> None:
    later = ["400,AAA,2013J,quiz,7,7", "401,AAA,2013J,resource,,"]
    first = [f"{number},AAA,2013J,page,," for number in range(500, 539)]
    too_many = ["402,AAA,2013J,oucollaborate,8,8"]

    (course,) = data(tmp_path, vle=[*too_many, *later, *first]).courses

    assert [lesson.id for lesson in course.lessons] == [*range(500, 539), 400]
    assert titles(course)[-2:] == ["Page 39", "Quiz 1"]
    assert course.lessons[-1].type == "QUIZ"


def test_a_presentation_without_materials_has_no_lessons(tmp_path: Path) -> None:
    (course,) = data(tmp_path, vle=[]).courses

    assert course.modules == ()


def test_a_material_with_an_assessments_id_is_shifted_the_same_way_each_time(
    tmp_path: Path,
) -> None:
    materials = ["11,AAA,2013J,page,,", *ROWS["vle"]]

    first, second = (data(tmp_path, vle=materials).courses[0] for _ in range(2))

    assert first == second
    assert first.lessons[0].id == 10_000_011


def test_no_id_is_given_twice() -> None:
    ids = Ids([7])

    given = [ids.take(7), ids.take(7), ids.take(8)]

    assert len({7, *given}) == 4
