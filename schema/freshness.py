"""How new an answer is."""

import strawberry

from schema.binding import of
from schema.keeping import never_kept
from services.contracts import assessment, freshness
from services.contracts.freshness import ConsistencyToken

strawberry.enum(assessment.Source)
strawberry.enum(freshness.Freshness)


@strawberry.type(
    description="`token` says what this has seen; whoever shows it reads no older.",
    directives=[never_kept()],
)
@of(freshness.AsOf)
class AsOf:
    token: ConsistencyToken
    freshness: freshness.Freshness
    lag_ms: int
    source: assessment.Source
