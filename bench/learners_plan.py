"""What a process of learners is told to do, and what it says of it: one line of JSON each."""

import msgspec

from bench.class_school import class_id
from services.contracts.ids import Kind, encode

FIRST = 2
"""Before the learners there is a teacher."""


class School(msgspec.Struct, frozen=True):
    """Learners are spread over courses in turn; each course has so many lessons.

    All are enrolled in one more course as well, which has the one class.
    """

    tenant: str
    learners: int
    courses: int
    lessons: int

    @property
    def users(self) -> range:
        return range(FIRST, FIRST + self.learners)

    @property
    def hall(self) -> int:
        """The course that all are enrolled in."""
        return self.courses + 1

    @property
    def class_number(self) -> int:
        return 1

    @property
    def class_id(self) -> str:
        return class_id(self.tenant, self.class_number)

    def course_of(self, user: int) -> int:
        return (user - FIRST) % self.courses + 1

    def course_id(self, user: int) -> str:
        return encode(Kind.COURSE, self.tenant, self.course_of(user))

    def numbers_of(self, course: int) -> range:
        """Of its lessons."""
        return range((course - 1) * self.lessons + 1, course * self.lessons + 1)

    def lesson_ids(self, course: int) -> list[str]:
        return [encode(Kind.LESSON, self.tenant, number) for number in self.numbers_of(course)]


class Plan(msgspec.Struct, frozen=True):
    """Of the process that is `nth` of so many `processes`: it has every so many-th learner.

    It opens `per_s` sockets a second; then its learners act, each every `pace_s` on average, for
    so many `seconds`; `hands` of all that they do is a hand, raised or lowered. Then they wait
    until all have heard of so many `heroes`, told as `to_all` says.
    """

    gateway: str
    home: str
    issuer: str
    audience: str
    school: School
    nth: int
    processes: int
    per_s: float
    pace_s: float
    seconds: float
    heroes: int
    to_all: str
    hands: float

    @property
    def users(self) -> range:
        return self.school.users[self.nth :: self.processes]


class Opened(msgspec.Struct, frozen=True):
    """`tries` that failed, by how; they were tried again a few times."""

    learners: int
    seconds: float
    tries: dict[str, int]


class Found(msgspec.Struct, frozen=True):
    """As `Heard`; `done` and `known` are by user, `unanswered` who waits still.

    `busy` are acts that were left out, since what was under way had not ended.
    """

    took: list[float]
    answered: list[float]
    hands: list[float]
    again: dict[str, int]
    refused: dict[str, int]
    closed: dict[str, int]
    anew: int
    skipped: int
    repeated: int
    moments: dict[int, dict[int, int]]
    done: dict[int, int]
    known: dict[int, int]
    unanswered: list[int]
    busy: int
