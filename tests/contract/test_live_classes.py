"""What every source of live classes promises."""

from datetime import timedelta

from services.contracts.errors import HIDDEN
from tests.contract.exams import MIDNIGHT
from tests.contract.school import BIOLOGY, EMPTY, NOWHERE
from tests.contract.side import Side, given
from tests.fakes.tenant import (
    NOW,
    class_id,
    course_id,
)


class TestLiveClasses:
    async def test_a_courses_classes_come_in_order_of_time(self, side: Side) -> None:
        ids = [course_id(side.tenant, number) for number in (BIOLOGY, NOWHERE, EMPTY, BIOLOGY)]

        found = await side.sources.live_classes.of_courses(side.learner, ids, None, None)

        ordered = [side.held.live_classes[class_id(side.tenant, number)] for number in (2, 3, 1)]
        assert found == [ordered, HIDDEN, [], ordered]

    async def test_a_span_takes_its_beginning_and_not_its_end(self, side: Side) -> None:
        course, until = course_id(side.tenant, BIOLOGY), NOW + timedelta(days=2)
        ask = side.sources.live_classes.of_courses

        [first] = await ask(side.learner, [course], MIDNIGHT, until)
        [later] = await ask(side.learner, [course], until, None)
        [early] = await ask(side.learner, [course], None, MIDNIGHT)

        titles = [[one.title for one in given(found)] for found in (first, later, early)]
        assert titles == [["Class 2"], ["Class 3", "Class 1"], []]

    async def test_an_agenda_has_the_classes_of_all_the_callers_courses(self, side: Side) -> None:
        until = NOW + timedelta(days=9)

        found = await side.sources.live_classes.agenda(side.learner, MIDNIGHT, until)

        numbers = (2, 3, 4)
        held = [side.held.live_classes[class_id(side.tenant, number)] for number in numbers]
        assert found == held

    async def test_classes_come_one_an_id_in_order(self, side: Side) -> None:
        ids = [class_id(side.tenant, number) for number in (3, NOWHERE, 2, 4, 3)]

        found = await side.sources.live_classes.many(side.learner, ids)

        assert found == [side.held.live_classes.get(one, HIDDEN) for one in ids]
