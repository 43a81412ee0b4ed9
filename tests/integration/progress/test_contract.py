"""The progress service keeps what every source of what it answers promises."""

import pytest

from tests.contract import (
    test_assessments,
    test_courses,
    test_people,
    test_progress,
    test_rosters,
)
from tests.contract.side import Side
from tests.integration.progress.campus import Campus


@pytest.fixture
def side(campus: Campus) -> Side:
    return Side(campus.sources, campus.tenant, campus.held)


class TestPeople(test_people.TestPeople):
    """Over the service behind its client, like all below."""


class TestRosters(test_rosters.TestRosters):
    pass


class TestProgress(test_progress.TestProgress):
    pass


class TestAssessments(test_assessments.TestAssessments):
    pass


class TestCourses(test_courses.TestCourses):
    """Titles are edited at the monolith alone."""

    test_a_course_is_renamed_once_however_often_it_is_said = None  # type: ignore[assignment]
    test_what_is_not_there_is_not_renamed_and_no_title_is_none = None  # type: ignore[assignment]
