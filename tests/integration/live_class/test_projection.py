"""What each event makes of the timetable, once, whatever comes twice or late."""

from datetime import timedelta

import pytest

from services.contracts import events as said
from services.contracts.events import Happened
from services.contracts.learning import Learner, Role
from services.live_class.tables import TABLES
from tests.contract.school import BIOLOGY, HISTORY
from tests.fakes.telling import told
from tests.fakes.tenant import LEARNER, NOW, OPERATOR, OTHER, TEACHER, course_id, learner_id
from tests.integration.live_class.campus import Campus

NEW = 77


def scheduled(number: int = NEW, course: int = BIOLOGY, days: int = 1) -> said.ClassScheduled:
    begins = NOW + timedelta(days=days)
    return said.ClassScheduled(
        number, course, f"Class {number}", int(TEACHER), begins, begins + timedelta(hours=1)
    )


async def titles(campus: Campus, course: int = BIOLOGY, user: str = LEARNER) -> list[str]:
    return [one.title for one in await campus.classes(course, user)]


async def rows(campus: Campus) -> dict[str, list[tuple[object, ...]]]:
    """Everything that the projection holds of the tenant."""
    return {
        table: [
            tuple(row)
            for row in await campus.pool.fetch(
                f"SELECT * FROM {table} WHERE tenant_id = $1 ORDER BY 1, 2, 3", campus.tenant
            )
        ]
        for table in TABLES
        if table != "courses"
    }


async def test_a_class_that_is_scheduled_stands_in_its_place(campus: Campus) -> None:
    await campus.happens(f"class/{NEW}", scheduled(days=1))

    assert await titles(campus) == ["Class 2", "Class 77", "Class 3", "Class 1"]


async def test_a_class_that_is_moved_stands_elsewhere(campus: Campus) -> None:
    await campus.happens(f"class/{NEW}", scheduled())

    await campus.happens(f"class/{NEW}", scheduled(course=HISTORY, days=10))

    assert "Class 77" not in await titles(campus)
    assert await titles(campus, HISTORY) == ["Class 4", "Class 77"]


async def test_a_class_that_is_removed_is_gone(campus: Campus) -> None:
    await campus.happens("class/3", said.ClassRemoved(3))

    assert await titles(campus) == ["Class 2", "Class 1"]


@pytest.mark.parametrize("ends_there", [True, False])
async def test_of_one_batch_the_last_word_holds(campus: Campus, ends_there: bool) -> None:
    words: list[Happened] = [scheduled(), said.ClassRemoved(NEW), scheduled(days=5)]
    if not ends_there:
        words.append(said.ClassRemoved(NEW))

    await campus.take([campus.next(f"class/{NEW}", one) for one in words])

    assert ("Class 77" in await titles(campus)) is ends_there


async def test_a_teacher_who_is_renamed_is_so_in_every_class(campus: Campus) -> None:
    roles = [Role.TEACHER]
    await campus.happens(f"person/{TEACHER}", said.PersonChanged(int(TEACHER), "Ana", "en", roles))

    teachers = {one.teacher for one in await campus.classes(BIOLOGY)}

    assert teachers == {Learner(learner_id(campus.tenant, TEACHER), "Ana")}


async def test_who_enrols_sees_the_classes_until_they_leave(campus: Campus) -> None:
    stream = f"enrolment/{HISTORY}/{OTHER}"
    enrolled = said.EnrolmentChanged(HISTORY, int(OTHER), Role.LEARNER)

    await campus.happens(stream, enrolled)
    within = await titles(campus, HISTORY, OTHER)
    await campus.happens(stream, said.EnrolmentChanged(HISTORY, int(OTHER), None))

    ids = [course_id(campus.tenant, HISTORY)]
    [after] = await campus.client.of_courses(campus.asking(OTHER), ids, None, None)
    assert within == ["Class 4"]
    assert not isinstance(after, list)


async def test_who_stops_operating_sees_no_more_than_their_own(campus: Campus) -> None:
    before = await titles(campus, BIOLOGY, OPERATOR)

    await campus.happens(f"person/{OPERATOR}", said.PersonChanged(int(OPERATOR), "Op", "en", []))

    ids = [course_id(campus.tenant, BIOLOGY)]
    [after] = await campus.client.of_courses(campus.asking(OPERATOR), ids, None, None)
    assert before
    assert not isinstance(after, list)


async def test_what_is_no_timetables_concern_is_passed_over(campus: Campus) -> None:
    before = await rows(campus)

    await campus.happens("completions/1/4", said.LessonsCompleted(BIOLOGY, int(LEARNER), [2]))

    assert await rows(campus) == before


async def test_what_comes_twice_changes_nothing(campus: Campus) -> None:
    again = told(campus.held, campus.tenant)
    await campus.happens("class/3", said.ClassRemoved(3))
    before = await rows(campus)

    found = await campus.take(again)

    assert found.fresh == []
    assert await rows(campus) == before


async def test_the_same_ids_of_another_tenant_stay(campus: Campus) -> None:
    other = Campus(f"{campus.tenant}-next-door", campus.held, campus.pool, campus.client)
    await other.open()
    before = await rows(campus)

    await other.happens("class/3", said.ClassRemoved(3))
    await other.happens(
        f"enrolment/{BIOLOGY}/{LEARNER}", said.EnrolmentChanged(BIOLOGY, int(LEARNER), None)
    )

    assert await rows(campus) == before
