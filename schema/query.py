"""The root of all queries."""

import strawberry

from resolvers import guards, viewer
from schema import lookup
from schema.assessment import Assessment
from schema.attempt import Attempt
from schema.binding import batched, found
from schema.course import Course
from schema.directives import as_many_as
from schema.live_class import LiveClass
from schema.lookup import WAYS
from schema.node import Node
from schema.viewer import Viewer
from services.contracts.ids import Kind


@strawberry.type
class Query:
    viewer: Viewer = batched(viewer.me, guards=[guards.signed_in])
    node: Node | None = found(lookup.NODE)
    nodes: list[Node | None] = batched(
        lookup.nodes_of_roots, guards=[guards.signed_in], costs=[as_many_as("ids")]
    )
    course: Course | None = found(WAYS[Kind.COURSE])
    assessment: Assessment | None = found(WAYS[Kind.ASSESSMENT])
    attempt: Attempt | None = found(WAYS[Kind.ATTEMPT])
    live_class: LiveClass | None = found(WAYS[Kind.LIVE_CLASS])
