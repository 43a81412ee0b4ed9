"""A learner, as those who teach them see them."""

import strawberry

from schema.binding import of
from schema.keeping import shared
from schema.node import Node
from services.contracts import learning


@strawberry.type(directives=[shared(60)])
@of(learning.Learner)
class Learner(Node):
    name: str
