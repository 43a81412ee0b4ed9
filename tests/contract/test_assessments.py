"""What every source of assessments promises."""

from datetime import timedelta

from services.contracts.errors import HIDDEN
from tests.contract.exams import EXAM, MIDNIGHT, QUIZ
from tests.contract.school import BIOLOGY, EMPTY, NOWHERE
from tests.contract.side import Side, given
from tests.fakes.tenant import assessment_id, course_id


class TestAssessments:
    async def test_a_courses_assessments_are_all_told_with_instants_in_utc(
        self, side: Side
    ) -> None:
        ids = [course_id(side.tenant, number) for number in (BIOLOGY, NOWHERE, EMPTY, BIOLOGY)]

        found = await side.sources.assessments.of_courses(side.learner, ids)

        every = list(side.held.assessments.values())
        assert found == [every, HIDDEN, [], every]

    async def test_assessments_come_one_an_id_in_order(self, side: Side) -> None:
        ids = [assessment_id(side.tenant, number) for number in (EXAM, NOWHERE, QUIZ, EXAM)]

        found = await side.sources.assessments.many(side.learner, ids)

        assert found == [side.held.assessments.get(one, HIDDEN) for one in ids]
        opens_at = given(found[0]).opens_at
        assert opens_at == MIDNIGHT
        assert opens_at is not None
        assert opens_at.utcoffset() == timedelta(0)

    async def test_items_of_every_kind_come_in_order(self, side: Side) -> None:
        ids = [assessment_id(side.tenant, number) for number in (QUIZ, NOWHERE, EXAM, QUIZ)]

        found = await side.sources.assessments.items(side.learner, ids)

        five = side.held.items[ids[0]]
        assert len(five) == 5
        assert found == [five, HIDDEN, [], five]
