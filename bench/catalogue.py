"""Ten courses and their progress in memory: what a page costs when nobody else is asked."""

from collections.abc import Sequence
from typing import Any

from resolvers.ports import Each, Sources
from services.contracts.assessment import Source
from services.contracts.freshness import Known
from services.contracts.ids import CourseId, Kind, LearnerId, TenantId, UserId, encode
from services.contracts.learning import Course, Enrolment, Person, Progress, Role
from services.contracts.viewer import Viewer
from services.kit.caller import Caller

TENANT = "ministry"
LEARNER = Viewer(TenantId(TENANT), UserId("4"), frozenset({Role.LEARNER}))
COURSES = 10
PAGE = """
query MyCourses($courses: Int!) {
  viewer {
    name
    courses(first: $courses) {
      edges { node { id title progress { completed total ratio } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
VARIABLES = {"courses": COURSES}


class Catalogue:
    """One learner's."""

    def __init__(self) -> None:
        self._me = Person(LEARNER.id, "Ada", "en", [Role.LEARNER])
        ids = [CourseId(encode(Kind.COURSE, TENANT, str(number))) for number in range(COURSES)]
        courses = [Course(id_, f"Course {number}", "C") for number, id_ in enumerate(ids)]
        self._enrolments = [Enrolment(course, Role.LEARNER) for course in courses]
        learner = LearnerId(encode(Kind.LEARNER, TENANT, LEARNER.user))
        known = Known(Source.SERVICE, {"progress:4": 7})
        self._progress = {id_: Progress(id_, learner, 7, 20, known) for id_ in ids}

    async def me(self, caller: Caller) -> Person:
        return self._me

    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        return self._enrolments

    async def mine(self, caller: Caller, courses: Sequence[CourseId]) -> Each[Progress]:
        return [self._progress[course] for course in courses]


def sources() -> Sources:
    """Whatever else is asked for is not there."""
    here: Any = Catalogue()
    nobody: Any = None
    return Sources(
        people=here,
        courses=here,
        editing=nobody,
        progress=here,
        completions=nobody,
        written=nobody,
        assessments=nobody,
        attempts=nobody,
        attempting=nobody,
        supervising=nobody,
        live_classes=nobody,
        classrooms=nobody,
        topics=nobody,
    )
