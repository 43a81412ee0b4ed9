"""What every source of courses promises."""

from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.learning import Course, CourseRenamed, Enrolment, Role
from tests.contract.school import BIOLOGY, EMPTY, HISTORY, NOWHERE
from tests.contract.side import Side, given
from tests.fakes.tenant import (
    course_id,
    lesson_id,
)


class TestCourses:
    async def test_enrolments_tell_each_course_once_with_the_callers_role(self, side: Side) -> None:
        for caller, role in ((side.learner, Role.LEARNER), (side.teacher, Role.TEACHER)):
            found = await side.sources.courses.enrolments(caller)

            held = [Enrolment(course, role) for course in side.held.courses.values()]
            assert sorted(found, key=lambda one: one.course.id) == held

    async def test_courses_come_one_an_id_in_order(self, side: Side) -> None:
        numbers = (HISTORY, NOWHERE, BIOLOGY, HISTORY)
        ids = [course_id(side.tenant, number) for number in numbers]

        found = await side.sources.courses.many(side.learner, ids)

        assert found == [side.held.courses.get(course, HIDDEN) for course in ids]

    async def test_no_ids_are_answered_by_nothing(self, side: Side) -> None:
        assert list(await side.sources.courses.many(side.learner, [])) == []

    async def test_an_outline_has_modules_and_lessons_in_order_and_nothing_of_ones_own(
        self, side: Side
    ) -> None:
        courses = [course_id(side.tenant, number) for number in (BIOLOGY, NOWHERE, EMPTY)]

        modules, missing, empty = await side.sources.courses.outlines(side.learner, courses)

        assert missing == HIDDEN
        assert empty == []
        shown = [
            [(lesson.title, lesson.kind, lesson.completed) for lesson in module.lessons]
            for module in given(modules)
        ]
        assert [module.title for module in given(modules)] == ["Module 1", "Module 4"]
        assert shown == [
            [("Lesson 2", "TEXT", None), ("Lesson 3", "VIDEO", None)],
            [("Lesson 5", "QUIZ", None), ("Lesson 6", "LIVE", None)],
        ]

    async def test_a_lesson_knows_its_course(self, side: Side) -> None:
        ids = [lesson_id(side.tenant, number) for number in (5, 2, NOWHERE, 5)]

        found = await side.sources.courses.lessons(side.learner, ids)

        assert found[2] == HIDDEN
        assert found[0] == found[3]
        seen = [given(found[place]) for place in (0, 1)]
        assert [lesson.id for lesson in seen] == ids[:2]
        assert {lesson.course_id for lesson in seen} == {course_id(side.tenant, BIOLOGY)}
        assert [lesson.completed for lesson in seen] == [None, None]

    async def test_each_caller_is_told_what_they_have_completed(self, side: Side) -> None:
        courses = [course_id(side.tenant, number) for number in (BIOLOGY, NOWHERE, EMPTY)]

        own, missing, empty = await side.sources.courses.completed(side.learner, courses)
        [others] = await side.sources.courses.completed(side.other, courses[:1])

        assert missing == HIDDEN
        assert given(empty).lessons == []
        assert given(own).lessons == [lesson_id(side.tenant, 2)]
        assert sorted(given(others).lessons) == [lesson_id(side.tenant, n) for n in (2, 5)]

    async def test_a_course_is_renamed_once_however_often_it_is_said(self, side: Side) -> None:
        course = course_id(side.tenant, BIOLOGY)

        first = await side.sources.editing.rename(side.teacher, course, "Zellen", "key")
        second = await side.sources.editing.rename(side.teacher, course, "Zellen", "key")

        [after] = await side.sources.courses.many(side.learner, [course])
        assert isinstance(after, Course)
        assert first == second == CourseRenamed(after)
        assert given(after).title == "Zellen"
        assert given(after).code == side.held.courses[course].code

    async def test_what_is_not_there_is_not_renamed_and_no_title_is_none(self, side: Side) -> None:
        rename = side.sources.editing.rename

        missing = await rename(side.teacher, course_id(side.tenant, NOWHERE), "Zellen", "key")
        untitled = await rename(side.teacher, course_id(side.tenant, BIOLOGY), "", "key")

        assert missing == HIDDEN
        assert isinstance(untitled, Refused)
        assert untitled.code is ErrorCode.INVALID
