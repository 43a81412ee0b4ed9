"""What both sides hold in a contract test of classes: two, of which one begins at once."""

from datetime import datetime, timedelta

from services.contracts.ids import Kind, ViewerId, encode
from services.contracts.learning import Course, Learner, Person, Role
from services.contracts.live_class import LiveClass, LiveClassState
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import LEARNER, OTHER, TEACHER, class_id, course_id, learner_id

NOW, LATER, NOWHERE = 1, 2, 999
STRANGER = "9"
CROWD = ["10", "11", "12"]
"""Learners beside the two that every tenant has."""
TAKERS = {TEACHER: Role.TEACHER} | dict.fromkeys([LEARNER, OTHER, *CROWD], Role.LEARNER)


def lecture_hall(tenant: str, now: datetime) -> FakePlatform:
    """A stranger is of the tenant and not of the course."""
    platform, course = FakePlatform(), course_id(tenant)
    for user in [*TAKERS, STRANGER]:
        own = ViewerId(encode(Kind.VIEWER, tenant, user))
        role = TAKERS.get(user, Role.LEARNER)
        platform.people[tenant, user] = Person(own, f"Person {user}", "en", [role])
    platform.courses[course] = Course(course, "Biology", "BIO")
    platform.modules[course] = []
    platform.enrolled[course] = {(tenant, user): role for user, role in TAKERS.items()}
    _class(platform, tenant, NOW, now)
    _class(platform, tenant, LATER, now + timedelta(hours=2))
    return platform


def _class(platform: FakePlatform, tenant: str, number: int, starts_at: datetime) -> None:
    own = class_id(tenant, number)
    platform.live_classes[own] = LiveClass(
        id=own,
        course_id=course_id(tenant),
        title=f"Class {number}",
        teacher=Learner(learner_id(tenant, TEACHER), f"Person {TEACHER}"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        state=LiveClassState.SCHEDULED,
    )
