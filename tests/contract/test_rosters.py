"""What every source of courses promises about who takes them."""

from collections.abc import Sequence

from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import CourseId
from services.contracts.learning import LearnerInCourse
from services.contracts.paging import Key, Page, key_of
from tests.contract.school import BIOLOGY, CLASSMATES, HISTORY, NOWHERE
from tests.contract.side import Side, given
from tests.fakes.tenant import (
    LEARNER,
    OTHER,
    course_id,
    learner_id,
)


async def roster(
    side: Side, first: int, after: Key | None, *courses: CourseId
) -> Sequence[Page[LearnerInCourse] | Refused]:
    return await side.sources.courses.rosters(side.teacher, list(courses), first, after)


def users(side: Side, page: Page[LearnerInCourse]) -> list[str]:
    """The local ids of a page's learners."""
    known = {learner_id(side.tenant, user): user for _, user in side.held.people}
    return [known[edge.node.learner.id] for edge in page.edges]


class TestRosters:
    async def test_a_roster_is_paged_to_its_end_in_the_order_of_numbers(self, side: Side) -> None:
        course = course_id(side.tenant, BIOLOGY)
        pages: list[Page[LearnerInCourse]] = []
        after: Key | None = None
        while not pages or pages[-1].page_info.has_next_page:
            [found] = await roster(side, 2, after, course)
            pages.append(given(found))
            after = key_of(pages[-1].edges[-1].cursor)

        told = [(users(side, page), page.page_info.has_previous_page) for page in pages]
        assert told == [([LEARNER, OTHER], False), (CLASSMATES[:2], True), (CLASSMATES[2:], True)]
        assert {page.total_count for page in pages} == {5}

    async def test_behind_the_last_learner_comes_an_empty_page(self, side: Side) -> None:
        course = course_id(side.tenant, BIOLOGY)
        [every] = await roster(side, 5, None, course)

        [behind] = await roster(side, 5, key_of(given(every).edges[-1].cursor), course)

        assert given(every).page_info.has_next_page is False
        assert given(behind).edges == []
        assert given(behind).page_info.has_previous_page is True
        assert given(behind).page_info.end_cursor is None

    async def test_rosters_come_one_a_course_in_order(self, side: Side) -> None:
        ids = [course_id(side.tenant, number) for number in (HISTORY, NOWHERE, BIOLOGY, HISTORY)]

        found = await roster(side, 50, None, *ids)

        assert found[1] == HIDDEN
        assert [users(side, given(found[place])) for place in (0, 2, 3)] == [
            [LEARNER],
            [LEARNER, OTHER, *CLASSMATES],
            [LEARNER],
        ]
