"""Live classes: as scheduled, and as they stand."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import guards, live_class, room
from schema.binding import batched, of
from schema.classroom import Breakout, Hand
from schema.directives import about
from schema.keeping import never_kept, shared
from schema.learner import Learner
from schema.node import Node
from schema.strangled import COURSE_READ, LIVE_CLASS_CONTROL
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
    state: words.LiveClassState = batched(
        room.states, guards=[guards.enrolled], keeps=never_kept(), moves=LIVE_CLASS_CONTROL
    )
    present: int | None = batched(
        room.present,
        guards=[guards.enrolled],
        says="How many are there; null where nobody has opened it.",
        keeps=never_kept(),
        moves=LIVE_CLASS_CONTROL,
    )
    hands: list[Hand] | None = batched(
        room.hands,
        guards=[guards.enrolled],
        says="The first that were raised.",
        costs=[about(20)],
        keeps=never_kept(),
        moves=LIVE_CLASS_CONTROL,
    )
    breakouts: list[Breakout] | None = batched(
        room.breakouts,
        guards=[guards.enrolled],
        costs=[about(10)],
        keeps=never_kept(),
        moves=LIVE_CLASS_CONTROL,
    )
    course: Annotated["Course", strawberry.lazy("schema.course")] | None = batched(
        live_class.courses_of,
        guards=[guards.enrolled],
        keeps=shared(60, stale_s=30),
        moves=COURSE_READ,
    )
