"""Five tenants of forty people whose local ids are all the same; each text says whose it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import structs

from services.contracts.ids import Kind, ModuleId, TenantId, UserId, ViewerId, encode
from services.contracts.learning import Learner, Lesson, LessonKind, Module, Person, Role
from services.contracts.viewer import Viewer
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import (
    OPERATOR,
    TEACHER,
    add_tenant,
    assessment_id,
    class_id,
    course_id,
    learner_id,
    lesson_id,
)
from tests.faults.warm import put_off

TENANTS = [f"t{nth}" for nth in range(5)]
PEOPLE, COURSES = 40, 4
FIRST = 10
"""The local id of the first learner is behind it."""
MARK = re.compile(rb"<([a-z0-9-]+)(?:\.c(\d))?(?:\.u(\d+))?>")
DONE = re.compile(rb'"completed":(\d+)')


@dataclass(frozen=True, slots=True)
class Someone:
    """They may see `courses`; so many lessons as `done` says have they alone done in each."""

    viewer: Viewer
    courses: frozenset[int]
    done: int

    def is_foreign(self, body: bytes) -> bool:
        """Whether there is a text of another tenant, person, or course that is not theirs."""
        own = str(self.viewer.tenant).encode(), str(self.viewer.user).encode()
        is_own = all(
            tenant == own[0]
            and (not course or int(course) in self.courses)
            and (not user or user == own[1])
            for tenant, course, user in MARK.findall(body)
        )
        return not is_own or any(int(done) != self.done for done in DONE.findall(body))


def people(tenants: Sequence[str] = TENANTS) -> list[Someone]:
    return [_someone(tenant, nth) for tenant in tenants for nth in range(PEOPLE)]


def _someone(tenant: str, nth: int) -> Someone:
    """The first is an operator, the second teaches everything, the rest take two courses each."""
    staff = {0: (OPERATOR, Role.OPERATOR), 1: (TEACHER, Role.TEACHER)}
    user, role = staff.get(nth, (str(FIRST + nth), Role.LEARNER))
    every = range(1, COURSES + 1)
    takes = every if nth in staff else (1 + nth % COURSES, 1 + (nth + 1) % COURSES)
    return Someone(
        Viewer(TenantId(tenant), UserId(user), frozenset({role})), frozenset(takes), done=nth
    )


def marked() -> FakePlatform:
    platform = FakePlatform()
    for tenant in TENANTS:
        add_tenant(platform, tenant, COURSES)
        for course in range(1, COURSES + 1):
            _mark(platform, tenant, course)
    for one in people():
        _admit(platform, one)
    put_off(platform)
    return platform


def _mark(platform: FakePlatform, tenant: str, nth: int) -> None:
    mark, course = f"<{tenant}.c{nth}>", course_id(tenant, nth)
    lessons = [_lesson(tenant, nth, done, mark) for done in range(PEOPLE)]
    module = ModuleId(encode(Kind.MODULE, tenant, nth))
    platform.modules[course] = [Module(module, mark, lessons)]
    platform.enrolled[course] = {}
    platform.courses[course] = structs.replace(platform.courses[course], title=mark, code=mark)
    quiz, lecture = assessment_id(tenant, nth), class_id(tenant, nth)
    platform.assessments[quiz] = structs.replace(platform.assessments[quiz], title=mark)
    platform.items[quiz] = [structs.replace(one, prompt=mark) for one in platform.items[quiz]]
    teacher = Learner(learner_id(tenant, TEACHER), f"<{tenant}>")
    platform.live_classes[lecture] = structs.replace(
        platform.live_classes[lecture], title=mark, teacher=teacher
    )


def _lesson(tenant: str, course: int, nth: int, mark: str) -> Lesson:
    id_ = lesson_id(tenant, 100 * course + nth)
    return Lesson(id_, course_id(tenant, course), mark, LessonKind.TEXT, False)


def _admit(platform: FakePlatform, one: Someone) -> None:
    tenant, user = str(one.viewer.tenant), str(one.viewer.user)
    own = ViewerId(encode(Kind.VIEWER, tenant, user))
    name, roles = f"<{tenant}.u{user}>", list(one.viewer.roles)
    platform.people[tenant, user] = Person(own, name, "en", roles)
    for course in one.courses if roles != [Role.OPERATOR] else ():
        role = Role.TEACHER if user == TEACHER else Role.LEARNER
        platform.enrolled[course_id(tenant, course)][tenant, user] = role
    for course in range(1, COURSES + 1):
        done = [lesson_id(tenant, 100 * course + nth) for nth in range(one.done)]
        platform.done |= {((tenant, user), lesson) for lesson in done}
