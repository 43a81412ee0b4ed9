"""Courses: what is in them, how far one has come, who takes them."""

from typing import Annotated

import strawberry

from resolvers import assessment, course, guards, live_class, progress
from resolvers.course import token_of
from schema.assessment import Assessment
from schema.binding import batched, of, told
from schema.directives import about, weighs
from schema.errors import Refused
from schema.keeping import never_kept, shared
from schema.learner import Learner
from schema.lesson import Module
from schema.live_class import LiveClass
from schema.node import Node
from schema.paging import Connection
from schema.progress import Progress
from schema.strangled import COURSE_READ, LIVE_CLASS_SCHEDULE, PROGRESS_READ
from services.contracts import learning
from services.contracts.freshness import ConsistencyToken


@strawberry.type(directives=[never_kept()])
@of(learning.LearnerInCourse)
class LearnerProgress:
    learner: Learner | None
    progress: Progress | None = batched(
        progress.of_rows, guards=[guards.teaches], keeps=never_kept(), moves=PROGRESS_READ
    )


@strawberry.type(directives=[shared(60, stale_s=30)])
@of(learning.Course)
class Course(Node):
    title: str
    code: str
    outline: list[Module] | None = batched(
        course.outlines,
        guards=[guards.enrolled],
        costs=[about(10)],
        keeps=shared(60, stale_s=30),
        moves=COURSE_READ,
    )
    progress: Progress | None = batched(
        progress.of_courses,
        guards=[guards.enrolled],
        says="One's own progress.",
        keeps=never_kept(),
        moves=PROGRESS_READ,
    )
    assessments: Connection[Assessment] | None = batched(
        assessment.of_courses,
        guards=[guards.enrolled],
        keeps=shared(60, stale_s=30),
        moves=COURSE_READ,
    )
    live_classes: list[LiveClass] | None = batched(
        live_class.of_courses,
        guards=[guards.enrolled],
        costs=[about(10)],
        keeps=shared(30),
        moves=LIVE_CLASS_SCHEDULE,
    )
    roster: Connection[LearnerProgress] | None = batched(
        course.rosters,
        guards=[guards.teaches],
        says="Who takes the course: for its teachers.",
        costs=[weighs(5)],
        keeps=never_kept(),
        moves=COURSE_READ,
    )


@strawberry.input
class RenameCourseInput:
    course_id: strawberry.ID
    title: str
    key: strawberry.ID


@strawberry.type
@of(learning.CourseRenamed)
class CourseRenamed:
    course: Course
    token: ConsistencyToken = told(token_of)


RenameCourseResult = Annotated[CourseRenamed | Refused, strawberry.union("RenameCourseResult")]
