"""What both sides hold in a contract test: one tenant in Jakarta, in the contract's words."""

from datetime import datetime, timedelta

from services.contracts.ids import Kind, ModuleId, ViewerId, encode
from services.contracts.learning import Course, Learner, Lesson, LessonKind, Module, Person, Role
from services.contracts.live_class import LiveClass, LiveClassState
from tests.contract.exams import MIDNIGHT, add_exams
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import (
    LEARNER,
    NOW,
    OPERATOR,
    OTHER,
    TEACHER,
    class_id,
    course_id,
    learner_id,
    lesson_id,
)

BIOLOGY, HISTORY, EMPTY, NOWHERE = 1, 2, 3, 999
CLASSMATES = ["10", "11", "100"]
"""Their order as numbers is not that of their texts."""


def school(tenant: str) -> FakePlatform:
    """Content ids are in order, over all courses, as the monolith gives them."""
    platform = FakePlatform()
    _people(platform, tenant)
    _courses(platform, tenant)
    add_exams(platform, tenant, course_id(tenant, BIOLOGY))
    _classes(platform, tenant)
    return platform


def _people(platform: FakePlatform, tenant: str) -> None:
    roles = {OPERATOR: Role.OPERATOR, TEACHER: Role.TEACHER}
    for user in [OPERATOR, TEACHER, LEARNER, OTHER, *CLASSMATES]:
        own = ViewerId(encode(Kind.VIEWER, tenant, user))
        role = roles.get(user, Role.LEARNER)
        platform.people[tenant, user] = Person(own, f"Person {user}", "en", [role])


def _courses(platform: FakePlatform, tenant: str) -> None:
    for number, title in {BIOLOGY: "Biologi 🌱", HISTORY: "History", EMPTY: "Empty"}.items():
        course = course_id(tenant, number)
        platform.courses[course] = Course(course, title, f"C/{number}")
        platform.enrolled[course] = {
            (tenant, TEACHER): Role.TEACHER,
            (tenant, LEARNER): Role.LEARNER,
        }
        platform.modules[course] = []
    for classmate in [OTHER, *CLASSMATES]:
        platform.enrolled[course_id(tenant, BIOLOGY)][tenant, classmate] = Role.LEARNER
    _module(platform, tenant, BIOLOGY, 1, [LessonKind.TEXT, LessonKind.VIDEO])
    _module(platform, tenant, BIOLOGY, 4, [LessonKind.QUIZ, LessonKind.LIVE])
    _module(platform, tenant, HISTORY, 9, [LessonKind.TEXT])
    platform.done.add(((tenant, LEARNER), lesson_id(tenant, 2)))
    platform.done.add(((tenant, OTHER), lesson_id(tenant, 2)))
    platform.done.add(((tenant, OTHER), lesson_id(tenant, 5)))


def _module(
    platform: FakePlatform, tenant: str, course: int, number: int, kinds: list[LessonKind]
) -> None:
    """Its lessons have the numbers behind its own."""
    of = course_id(tenant, course)
    lessons = [
        Lesson(lesson_id(tenant, number + place), of, f"Lesson {number + place}", kind)
        for place, kind in enumerate(kinds, start=1)
    ]
    own = ModuleId(encode(Kind.MODULE, tenant, number))
    platform.modules[of].append(Module(own, f"Module {number}", lessons))


def _classes(platform: FakePlatform, tenant: str) -> None:
    """The first in the table comes last in time."""
    starts = {1: NOW + timedelta(days=9), 2: MIDNIGHT, 3: NOW + timedelta(days=2)}
    for number, starts_at in starts.items():
        _class(platform, tenant, number, BIOLOGY, starts_at)
    _class(platform, tenant, 4, HISTORY, NOW + timedelta(days=3))


def _class(
    platform: FakePlatform, tenant: str, number: int, course: int, starts_at: datetime
) -> None:
    ends_at = starts_at + timedelta(hours=1)
    teacher = Learner(learner_id(tenant, TEACHER), platform.people[tenant, TEACHER].name)
    own = class_id(tenant, number)
    platform.live_classes[own] = LiveClass(
        id=own,
        course_id=course_id(tenant, course),
        title=f"Class {number}",
        teacher=teacher if number != 4 else None,
        starts_at=starts_at,
        ends_at=ends_at,
        state=LiveClassState.ENDED if ends_at <= NOW else LiveClassState.SCHEDULED,
    )
