"""What the progress service may be asked: each question's path, its words, and its answer's.

Ids in questions are local ones of the viewer's tenant. An answer has one item per id, in order;
None is said of what is not there and of what the viewer may not see alike.
"""

import msgspec

from services.contracts.assessment import Assessment, Item
from services.contracts.learning import (
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


class CompleteLesson(msgspec.Struct, frozen=True):
    lesson: int


ME = Question("/me", Nothing, Me)
LEARNERS = Question("/learners", Ids, list[Learner | None])
ENROLMENTS = Question("/enrolments", Nothing, list[Enrolment])
COURSES = Question("/courses", Ids, list[Course | None])
OUTLINES = Question("/outlines", Ids, list[list[Module] | None])
LESSONS = Question("/lessons", Ids, list[Lesson | None])
ROSTERS = Question("/rosters", RosterPart, list[Roster | None])
PROGRESS = Question("/progress", Pairs, list[Progress | None])
ASSESSMENTS_OF_COURSES = Question("/courses/assessments", Ids, list[list[Assessment] | None])
ASSESSMENTS = Question("/assessments", Ids, list[Assessment | None])
ITEMS = Question("/assessments/items", Ids, list[list[Item] | None])

COMPLETE_LESSON = Question("/commands/complete-lesson", CompleteLesson, LessonCompleted)
"""A command: sent with a key; where nothing is done it answers a Refused instead."""
