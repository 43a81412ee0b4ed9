"""The root of all subscriptions."""

import strawberry

from resolvers import guards, progress
from schema.binding import subscribed
from schema.progress import Progress
from services.contracts.ids import Kind


@strawberry.type
class Subscription:
    progress_updated: Progress = subscribed(
        progress.updates,
        by="course_id",
        guards=[guards.names(Kind.COURSE), guards.enrolled],
        says="One's own progress as it is, then each time it has changed.",
    )
