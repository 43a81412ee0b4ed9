"""The root of all subscriptions."""

import strawberry

from resolvers import attempt, class_guards, guards, hearing, progress, status
from schema.acting import subscribed
from schema.attempt import Attempt
from schema.classroom import ClassroomEvent, SignalEvent
from schema.progress import Progress
from schema.status import PlatformStatus
from schema.strangled import ASSESSMENT_READ, LIVE_CLASS_CONTROL, PROGRESS_READ
from services.contracts.ids import Kind

AS_IT_STANDS = [f"LiveClass.{name}" for name in ("state", "present", "hands", "breakouts")]
"""Told to whoever is enrolled in the class's course, as the class itself is."""


@strawberry.type
class Subscription:
    progress_updated: Progress = subscribed(
        progress.UPDATES,
        by="course_id",
        guards=[guards.names(Kind.COURSE), guards.enrolled],
        says="One's own, no older than `after`; then each time it has changed.",
        moves=PROGRESS_READ,
    )
    attempt_updated: Attempt = subscribed(
        attempt.UPDATES,
        by="attempt_id",
        guards=[guards.names(Kind.ATTEMPT)],
        reveals=[guards.sees_attempt],
        says="An attempt as it is, unless `after` has seen it; then each time it has changed.",
        moves=ASSESSMENT_READ,
    )
    classroom: ClassroomEvent = subscribed(
        hearing.CLASSROOM,
        by="class_id",
        guards=class_guards.TAKES_PART,
        alike=AS_IT_STANDS,
        says="The class as it is, then each change; `after`: what has come since that cursor.",
        moves=LIVE_CLASS_CONTROL,
    )
    signals: SignalEvent = subscribed(
        hearing.SIGNALS,
        by="class_id",
        guards=class_guards.TAKES_PART,
        says="What others in the class send to the viewer, each once and in order; `after`: from "
        "that cursor on.",
        moves=LIVE_CLASS_CONTROL,
    )
    platform_status_updated: PlatformStatus = subscribed(
        status.UPDATES,
        guards=[guards.everybody],
        says="As it is; then each time that it says something else.",
    )
