"""Fills a fake platform with tenants whose local ids are all the same."""

from datetime import timedelta

from services.contracts.assessment import (
    Assessment,
    AssessmentKind,
    Attempt,
    AttemptState,
    Item,
    ItemKind,
    Score,
    ScoringPolicy,
)
from services.contracts.ids import (
    AssessmentId,
    AttemptId,
    CourseId,
    Kind,
    LearnerId,
    LessonId,
    LiveClassId,
    ModuleId,
    Side,
    TenantId,
    UserId,
    ViewerId,
    encode,
)
from services.contracts.ids import learner_id as id_of_learner
from services.contracts.learning import Course, Learner, Lesson, LessonKind, Module, Person, Role
from services.contracts.live_class import LiveClass, LiveClassState
from services.contracts.viewer import Viewer
from tests.fakes.hall import BEGINS
from tests.fakes.platform import FakePlatform

NOW = BEGINS
LEARNER, OTHER, TEACHER, OPERATOR = "4", "5", "2", "1"
ROLES = {LEARNER: Role.LEARNER, OTHER: Role.LEARNER, TEACHER: Role.TEACHER, OPERATOR: Role.OPERATOR}


def viewer(tenant: str, user: str = LEARNER) -> Viewer:
    return Viewer(TenantId(tenant), UserId(user), frozenset({ROLES[user]}))


def course_id(tenant: str, number: int = 1) -> CourseId:
    return CourseId(encode(Kind.COURSE, tenant, number))


def lesson_id(tenant: str, number: int = 1) -> LessonId:
    return LessonId(encode(Kind.LESSON, tenant, number))


def assessment_id(tenant: str, number: int = 1) -> AssessmentId:
    return AssessmentId(encode(Kind.ASSESSMENT, tenant, number))


def attempt_id(tenant: str, user: str = LEARNER, assessment: int = 1, number: int = 1) -> AttemptId:
    return AttemptId(encode(Kind.ATTEMPT, tenant, f"{assessment}-{user}-{number}", Side.LEGACY))


def learner_id(tenant: str, user: str = LEARNER) -> LearnerId:
    return id_of_learner(tenant, user)


def class_id(tenant: str, number: int = 1) -> LiveClassId:
    return LiveClassId(encode(Kind.LIVE_CLASS, tenant, number, Side.LEGACY))


def add_tenant(platform: FakePlatform, tenant: str, courses: int = 1) -> None:
    """Four people; courses of two lessons, each with an assessment, an attempt and a class.

    Every text of the tenant begins with its name, so that a stray one is seen.
    """
    for user, role in ROLES.items():
        own = ViewerId(encode(Kind.VIEWER, tenant, user))
        platform.people[tenant, user] = Person(own, f"{tenant} person {user}", "en", [role])
    for number in range(1, courses + 1):
        _add_course(platform, tenant, number)
    for user in (LEARNER, OTHER):
        platform.attempts[attempt_id(tenant, user)] = _attempt(tenant, user)


def _add_course(platform: FakePlatform, tenant: str, number: int) -> None:
    course = course_id(tenant, number)
    platform.courses[course] = Course(course, f"{tenant} course {number:02}", f"{tenant}-{number}")
    lessons = [_lesson(tenant, course, 2 * number - 1), _lesson(tenant, course, 2 * number)]
    module = ModuleId(encode(Kind.MODULE, tenant, number))
    platform.modules[course] = [Module(module, f"{tenant} module", lessons)]
    platform.enrolled[course] = {
        (tenant, LEARNER): Role.LEARNER,
        (tenant, TEACHER): Role.TEACHER,
    }
    platform.assessments[assessment_id(tenant, number)] = _assessment(tenant, number)
    platform.items[assessment_id(tenant, number)] = [
        Item("q1", f"{tenant} question", ItemKind.NUMERIC, [], 1.0)
    ]
    platform.live_classes[class_id(tenant, number)] = _live_class(tenant, number)


def _lesson(tenant: str, course: CourseId, number: int) -> Lesson:
    title = f"{tenant} lesson {number}"
    return Lesson(lesson_id(tenant, number), course, title, LessonKind.TEXT)


def _assessment(tenant: str, number: int) -> Assessment:
    return Assessment(
        id=assessment_id(tenant, number),
        course_id=course_id(tenant, number),
        title=f"{tenant} assessment {number}",
        kind=AssessmentKind.QUIZ,
        opens_at=None,
        closes_at=NOW + timedelta(days=number),
        time_limit=timedelta(minutes=90),
        grace=timedelta(0),
        attempts_allowed=1,
        scoring_policy=ScoringPolicy.HIGHEST,
        weight=10.0,
    )


def _attempt(tenant: str, user: str) -> Attempt:
    return Attempt(
        id=attempt_id(tenant, user),
        assessment_id=assessment_id(tenant),
        course_id=course_id(tenant),
        learner_id=learner_id(tenant, user),
        number=1,
        state=AttemptState.GRADED,
        started_at=NOW,
        saved_at=NOW,
        submitted_at=NOW,
        score=Score(3.0, 4.0),
    )


def _live_class(tenant: str, number: int) -> LiveClass:
    return LiveClass(
        id=class_id(tenant, number),
        course_id=course_id(tenant, number),
        title=f"{tenant} class {number}",
        teacher=Learner(learner_id(tenant, TEACHER), f"{tenant} person {TEACHER}"),
        starts_at=NOW + timedelta(days=number),
        ends_at=NOW + timedelta(days=number, hours=1),
        state=LiveClassState.SCHEDULED,
    )
