"""Courses: what is in them, how far one has come, who takes them."""

from typing import Annotated

import strawberry

from resolvers import assessment, course, guards, live_class, progress
from schema.assessment import Assessment
from schema.binding import batched, of
from schema.directives import about, weighs
from schema.errors import Refused
from schema.learner import Learner
from schema.lesson import Module
from schema.live_class import LiveClass
from schema.node import Node
from schema.paging import Connection
from schema.progress import Progress
from services.contracts import learning


@strawberry.type
@of(learning.LearnerInCourse)
class LearnerProgress:
    learner: Learner | None
    progress: Progress | None = batched(progress.of_rows, guards=[guards.teaches])


@strawberry.type
@of(learning.Course)
class Course(Node):
    title: str
    code: str
    outline: list[Module] | None = batched(
        course.outlines, guards=[guards.enrolled], costs=[about(10)]
    )
    progress: Progress | None = batched(
        progress.of_courses, guards=[guards.enrolled], says="One's own progress."
    )
    assessments: Connection[Assessment] | None = batched(
        assessment.of_courses, guards=[guards.enrolled]
    )
    live_classes: list[LiveClass] | None = batched(
        live_class.of_courses, guards=[guards.enrolled], costs=[about(10)]
    )
    roster: Connection[LearnerProgress] | None = batched(
        course.rosters,
        guards=[guards.teaches],
        says="Who takes the course: for its teachers.",
        costs=[weighs(5)],
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


RenameCourseResult = Annotated[CourseRenamed | Refused, strawberry.union("RenameCourseResult")]
