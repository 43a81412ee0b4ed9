"""The root of all queries."""

import strawberry

from resolvers import guards, status, viewer
from schema import lookup
from schema.assessment import Assessment
from schema.attempt import Attempt
from schema.binding import batched, found
from schema.course import Course
from schema.directives import as_many_as
from schema.keeping import Scope, as_its_parent, never_kept
from schema.live_class import LiveClass
from schema.lookup import WAYS
from schema.node import Node
from schema.status import PlatformStatus
from schema.strangled import ASSESSMENT_READ, COURSE_READ, LIVE_CLASS_SCHEDULE
from schema.viewer import Viewer
from services.contracts.ids import Kind


@strawberry.type
class Query:
    viewer: Viewer = batched(viewer.me, guards=[guards.signed_in], keeps=never_kept())
    node: Node | None = found(lookup.NODE, keeps=as_its_parent(Scope.PRIVATE))
    nodes: list[Node | None] = batched(
        lookup.nodes_of_roots,
        guards=[guards.signed_in],
        costs=[as_many_as("ids")],
        keeps=never_kept(),
    )
    course: Course | None = found(WAYS[Kind.COURSE], keeps=as_its_parent(), moves=COURSE_READ)
    assessment: Assessment | None = found(
        WAYS[Kind.ASSESSMENT], keeps=as_its_parent(), moves=COURSE_READ
    )
    attempt: Attempt | None = found(WAYS[Kind.ATTEMPT], keeps=never_kept(), moves=ASSESSMENT_READ)
    live_class: LiveClass | None = found(
        WAYS[Kind.LIVE_CLASS], keeps=as_its_parent(), moves=LIVE_CLASS_SCHEDULE
    )
    platform_status: PlatformStatus = batched(
        status.of_platform,
        guards=[guards.everybody],
        says="How the move from the monolith to the services stands: for everybody.",
        keeps=never_kept(),
    )
