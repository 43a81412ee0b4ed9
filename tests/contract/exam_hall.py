"""Assessments that nobody has begun, and answers to them: one tenant, the same on each side."""

from datetime import UTC, datetime, timedelta

from services.contracts.assessment import (
    Assessment,
    AssessmentKind,
    Choice,
    Given,
    Item,
    ItemKind,
    Response,
    ScoringPolicy,
)
from services.contracts.events import ItemKey
from services.contracts.ids import Kind, ViewerId, encode
from services.contracts.learning import Course, Person, Role
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import LEARNER, OTHER, TEACHER, assessment_id, course_id

QUIZ, ONCE, SHUT, EARLY, TIMED, ESSAY = range(1, 7)
COURSE, NOWHERE = 1, 999
LONG_AGO, FAR_AHEAD = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
LIMIT = timedelta(minutes=90)
CHOICES = [Choice(letter, letter.upper()) for letter in "abcd"]

FIVE = [
    Item("q1", "Which?", ItemKind.SINGLE_CHOICE, CHOICES, 1.0),
    Item("q2", "Which ones?", ItemKind.MULTIPLE_CHOICE, CHOICES, 3.0),
    Item("q3", "How much?", ItemKind.NUMERIC, [], 1.5),
    Item("q4", "What?", ItemKind.TEXT, [], 1.0),
    Item("q5", "In which order?", ItemKind.ORDERING, CHOICES, 2.0),
]
KEYS = [
    ItemKey("q1", choices=["a"]),
    ItemKey("q2", choices=["a", "b", "c"]),
    ItemKey("q3", number=3.14, tolerance=0.01),
    ItemKey("q4", texts=["Mitosis", "cell division"]),
    ItemKey("q5", choices=["a", "b", "c", "d"]),
]
WRITTEN = [Item("q1", "Why?", ItemKind.TEXT, [], 5.0)]
RIGHT = {
    "q1": Response(choices=["a"]),
    "q2": Response(choices=["a", "b", "c"]),
    "q3": Response(number=3.14),
    "q4": Response(text="mitosis"),
    "q5": Response(choices=["a", "b", "c", "d"]),
}
MOST = 8.5


def right(sequence: int = 1) -> list[Given]:
    return [Given(item, sequence, response) for item, response in RIGHT.items()]


def exam_hall(tenant: str) -> FakePlatform:
    platform, course = FakePlatform(), course_id(tenant, COURSE)
    platform.courses[course] = Course(course, "Biology", "BIO")
    platform.modules[course] = []
    platform.enrolled[course] = {}
    for user, role in {TEACHER: Role.TEACHER, LEARNER: Role.LEARNER, OTHER: Role.LEARNER}.items():
        own = ViewerId(encode(Kind.VIEWER, tenant, user))
        platform.people[tenant, user] = Person(own, f"Person {user}", "en", [role])
        platform.enrolled[course][tenant, user] = role
    _add(platform, tenant, QUIZ)
    _add(platform, tenant, ONCE, attempts_allowed=1)
    _add(platform, tenant, SHUT, closes_at=LONG_AGO)
    _add(platform, tenant, EARLY, opens_at=FAR_AHEAD)
    _add(platform, tenant, TIMED, time_limit=LIMIT, closes_at=FAR_AHEAD)
    _add(platform, tenant, ESSAY)
    platform.items[assessment_id(tenant, ESSAY)] = WRITTEN
    platform.hall.keys[assessment_id(tenant, ESSAY)] = [ItemKey("q1")]
    return platform


def _add(
    platform: FakePlatform,
    tenant: str,
    number: int,
    *,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    time_limit: timedelta | None = None,
    attempts_allowed: int | None = None,
) -> None:
    own = assessment_id(tenant, number)
    platform.items[own], platform.hall.keys[own] = FIVE, KEYS
    platform.assessments[own] = Assessment(
        id=own,
        course_id=course_id(tenant, COURSE),
        title=f"Assessment {number}",
        kind=AssessmentKind.QUIZ,
        opens_at=opens_at,
        closes_at=closes_at,
        time_limit=time_limit,
        grace=timedelta(0),
        attempts_allowed=attempts_allowed,
        scoring_policy=ScoringPolicy.HIGHEST,
        weight=10.0,
    )
