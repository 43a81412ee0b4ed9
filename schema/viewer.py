"""The one who asks."""

import strawberry

from resolvers import guards, viewer
from schema.binding import batched, of
from schema.course import Course
from schema.directives import about
from schema.live_class import LiveClass
from schema.node import Node
from schema.paging import Connection
from services.contracts import learning
from services.contracts import viewer as words

strawberry.enum(learning.Role)


@strawberry.type
@of(words.Viewer)
class Viewer(Node):
    roles: list[learning.Role]
    zone: str = strawberry.field(
        description="Their time zone, by its IANA name; UTC where their token names none."
    )
    name: str | None = batched(viewer.names, guards=[guards.is_viewer])
    locale: str | None = batched(viewer.locales, guards=[guards.is_viewer])
    courses: Connection[Course] | None = batched(viewer.courses, guards=[guards.is_viewer])
    agenda: list[LiveClass] | None = batched(
        viewer.agenda, guards=[guards.is_viewer], costs=[about(20)]
    )
