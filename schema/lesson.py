"""What a course is made of: modules of lessons."""

import strawberry

from resolvers import course, guards
from schema.binding import batched, of
from schema.directives import about
from schema.keeping import never_kept, shared
from schema.node import Node
from schema.strangled import COURSE_READ
from services.contracts import learning

strawberry.enum(learning.LessonKind)


@strawberry.type(directives=[shared(60, stale_s=30)])
@of(learning.Lesson)
class Lesson(Node):
    title: str
    kind: learning.LessonKind
    completed: bool | None = batched(
        course.completed, guards=[guards.enrolled], keeps=never_kept(), moves=COURSE_READ
    )


@strawberry.type(directives=[shared(60, stale_s=30)])
@of(learning.Module)
class Module:
    id: strawberry.ID
    title: str
    lessons: list[Lesson] = strawberry.field(directives=[about(10)])
