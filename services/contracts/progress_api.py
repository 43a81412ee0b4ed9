"""What the progress service may be asked: each question's path, its words, and its answer's.

Ids in questions are local ones of the viewer's tenant. An answer has one item per id, in order;
None is said of what is not there and of what the viewer may not see alike.
"""

import msgspec

from services.contracts.assessment import Assessment, Item
from services.contracts.learning import (
    Completed,
    Course,
    Enrolment,
    Learner,
    Lesson,
    LessonCompleted,
    Module,
    Person,
    Progress,
)
from services.contracts.question import Ids, Nothing, Pairs, Question


class RosterPart(msgspec.Struct, frozen=True):
    """Of each course the `first` learners behind the one whose id is `after`, in order of id."""

    courses: list[int]
    first: int
    after: int


class Me(msgspec.Struct, frozen=True):
    person: Person | None


class Roster(msgspec.Struct, frozen=True):
    """`total` counts all learners of the course; `learners` have their local ids beside them."""

    total: int
    learners: list[tuple[int, Learner]]
    more: bool


class OfUsers(msgspec.Struct, frozen=True):
    """What each of these people may know of themselves; `seen` is what any of them has seen."""

    users: list[int]
    seen: dict[str, int] = {}


class OfPairs(msgspec.Struct, frozen=True):
    """As OfUsers, of courses each with the person who asks about it."""

    pairs: list[tuple[int, int]]
    seen: dict[str, int] = {}


class CompleteLesson(msgspec.Struct, frozen=True):
    lesson: int


ME = Question("/me", Nothing, Me)
LEARNERS = Question("/learners", Ids, list[Learner | None])
ENROLMENTS = Question("/enrolments", Nothing, list[Enrolment])
COURSES = Question("/courses", Ids, list[Course | None])
OUTLINES = Question("/outlines", Ids, list[list[Module] | None])
LESSONS = Question("/lessons", Ids, list[Lesson | None])
COMPLETED = Question("/completed", Ids, list[Completed | None])
ROSTERS = Question("/rosters", RosterPart, list[Roster | None])
PROGRESS = Question("/progress", Pairs, list[Progress | None])
ASSESSMENTS_OF_COURSES = Question("/courses/assessments", Ids, list[list[Assessment] | None])
ASSESSMENTS = Question("/assessments", Ids, list[Assessment | None])
ITEMS = Question("/assessments/items", Ids, list[list[Item] | None])

ENROLMENTS_OF_MANY = Question("/many/enrolments", OfUsers, list[list[Enrolment]])
PROGRESS_OF_MANY = Question("/many/progress", OfPairs, list[Progress | None])
COMPLETED_OF_MANY = Question("/many/completed", OfPairs, list[Completed | None])
"""Asked by the gateway itself, for many people of the tenant: each is told their own alone."""

COMPLETE_LESSON = Question("/commands/complete-lesson", CompleteLesson, LessonCompleted)
"""A command: sent with a key; where nothing is done it answers a Refused instead."""
