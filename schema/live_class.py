"""Live classes as scheduled."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import guards, live_class
from schema.binding import batched, of
from schema.keeping import shared
from schema.learner import Learner
from schema.node import Node
from schema.strangled import COURSE_READ
from services.contracts import live_class as words

if TYPE_CHECKING:
    from schema.course import Course

strawberry.enum(words.LiveClassState)


@strawberry.type(directives=[shared(30)])
@of(words.LiveClass)
class LiveClass(Node):
    title: str
    teacher: Learner | None
    starts_at: datetime
    ends_at: datetime
    state: words.LiveClassState
    course: Annotated["Course", strawberry.lazy("schema.course")] | None = batched(
        live_class.courses_of,
        guards=[guards.enrolled],
        keeps=shared(60, stale_s=30),
        moves=COURSE_READ,
    )
