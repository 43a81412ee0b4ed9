"""Writes into the monolith what was completed on the other side, so that either may be asked."""

from legacy.client import LegacyClient, LegacyRefusal
from legacy.wire import Lesson
from services.contracts.events import Event, LessonsCompleted
from services.contracts.ids import UserId
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.log import Log
from services.kit.telemetry import received, server_span

SOURCE = "progress"
WITHIN_S = 10.0

log = Log("mirror")


class Mirror:
    """Repeating is harmless: to complete twice is to complete once, at the monolith as well."""

    def __init__(self, client: LegacyClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def bring_back(self, event: Event) -> None:
        """Raises an UpstreamError when the monolith is away: then it must be tried again."""
        done = event.data
        if not isinstance(done, LessonsCompleted) or event.source != SOURCE:
            return
        viewer = Viewer(event.tenant, UserId(str(done.user)), frozenset())
        with server_span("mirror LessonsCompleted", received(event.traceparent, percent=0)):
            for lesson in done.lessons:
                await self._complete(viewer, lesson, event)

    async def _complete(self, viewer: Viewer, lesson: int, event: Event) -> None:
        caller = Caller(viewer, Deadline.within(self._clock, WITHIN_S))
        try:
            await self._client.post(caller, f"/lessons/{lesson}/complete", {}, Lesson)
        except LegacyRefusal as no:
            # The learner left the course, or the lesson went, before we came: there is no place
            # for it any more, and what waits behind it has nothing to do with that.
            log.warning(
                "mirror.refused", stream=event.stream, version=event.version, code=no.refusal.code
            )
