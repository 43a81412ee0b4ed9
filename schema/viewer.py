"""The one who asks."""

import strawberry

from resolvers import guards, viewer
from schema.binding import batched, of
from schema.course import Course
from schema.directives import about
from schema.keeping import never_kept
from schema.live_class import LiveClass
from schema.node import Node
from schema.paging import Connection
from schema.strangled import COURSE_READ, LIVE_CLASS_SCHEDULE
from services.contracts import learning
from services.contracts import viewer as words

strawberry.enum(learning.Role)


@strawberry.type(directives=[never_kept()])
@of(words.Viewer)
class Viewer(Node):
    roles: list[learning.Role]
    zone: str = strawberry.field(
        description="Their time zone, by its IANA name; UTC where their token names none."
    )
    name: str | None = batched(
        viewer.names, guards=[guards.is_viewer], keeps=never_kept(), moves=COURSE_READ
    )
    locale: str | None = batched(
        viewer.locales, guards=[guards.is_viewer], keeps=never_kept(), moves=COURSE_READ
    )
    courses: Connection[Course] | None = batched(
        viewer.courses, guards=[guards.is_viewer], keeps=never_kept(), moves=COURSE_READ
    )
    agenda: list[LiveClass] | None = batched(
        viewer.agenda,
        guards=[guards.is_viewer],
        costs=[about(20)],
        keeps=never_kept(),
        moves=LIVE_CLASS_SCHEDULE,
    )
