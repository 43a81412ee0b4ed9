"""What a course is made of: modules of lessons."""

import strawberry

from schema.binding import of
from schema.directives import about
from schema.node import Node
from services.contracts import learning

strawberry.enum(learning.LessonKind)


@strawberry.type
@of(learning.Lesson)
class Lesson(Node):
    title: str
    kind: learning.LessonKind
    completed: bool | None


@strawberry.type
@of(learning.Module)
class Module:
    id: strawberry.ID
    title: str
    lessons: list[Lesson] = strawberry.field(directives=[about(10)])
