"""How the move from the monolith to the services stands: for everybody, signed in or not."""

from datetime import datetime

import strawberry

from resolvers import status
from schema.binding import of, told
from schema.directives import about
from schema.keeping import never_kept
from services.contracts import status as words

strawberry.enum(words.RouteMode)


@strawberry.type(
    description="One thing that either side can answer. Ratios are between 0 and 1.",
    directives=[never_kept()],
)
@of(words.CapabilityStatus)
class CapabilityStatus:
    name: str
    what: str
    owner: str
    mode: words.RouteMode
    service_percent: float | None = strawberry.field(
        description="What the service answers, but where one tenant is moved by itself; null where "
        "rules decide of which no percentage is known."
    )
    error_ratio: float = strawberry.field(description="Of the service's calls lately.")
    mismatch_ratio: float = strawberry.field(description="Of the answers that were compared.")
    compared: int
    rolled_back_at: datetime | None
    reason: str | None


@strawberry.type(
    description="A capability was rolled back; it ended when all of it was back.",
    directives=[never_kept()],
)
@of(words.Incident)
class Incident:
    id: strawberry.ID
    capability: str
    started_at: datetime
    ended_at: datetime | None
    summary: str


@strawberry.type(description="A rollback that was rehearsed.", directives=[never_kept()])
@of(words.Drill)
class Drill:
    capability: str
    at: datetime = strawberry.field(name="rehearsedAt")
    passed: bool
    summary: str


@strawberry.type(
    description="`checkedAt` is when the oldest part of it was found out.",
    directives=[never_kept()],
)
@of(words.PlatformStatus)
class PlatformStatus:
    capabilities: list[CapabilityStatus] = strawberry.field(directives=[about(10)])
    incidents: list[Incident] = strawberry.field(
        description="The latest first.", directives=[about(10)]
    )
    checked_at: datetime
    outbox_age_seconds: float | None = told(
        status.outbox_age,
        "How long the oldest event of a service has been waiting to be told; null where one does "
        "not say.",
    )
    last_drill: Drill | None
