"""How a platform's move stands: a board that a test writes on."""

import asyncio
from datetime import UTC, datetime

from msgspec.structs import replace

from resolvers.platform import says
from resolvers.topics import Hearing, News
from services.contracts.status import (
    CapabilityStatus,
    Drill,
    Incident,
    PlatformStatus,
    RouteMode,
)
from tests.fakes.topics import FakeTopics

STATUS_TOPIC = "status"
THEN = datetime(2026, 3, 2, 9, 30, 0, tzinfo=UTC)
ROLLED_BACK = CapabilityStatus(
    name="progress.read",
    what="how far a learner has come in a course",
    owner="learning",
    mode=RouteMode.ROLLED_BACK,
    service_percent=0.0,
    error_ratio=0.31,
    mismatch_ratio=0.0025,
    compared=4_000,
    rolled_back_at=THEN,
    reason="31 % of its calls failed",
)
HEALTHY = CapabilityStatus(
    name="course.read",
    what="courses, as read",
    owner="learning",
    mode=RouteMode.CANARY,
    service_percent=25.0,
    error_ratio=0.0,
    mismatch_ratio=0.0,
    compared=0,
    rolled_back_at=None,
    reason=None,
)
INCIDENT = Incident("i-1", "progress.read", THEN, None, "progress.read was rolled back")
DRILL = Drill("course.read", THEN, passed=True, summary="back in 4.2 s")
STATUS = PlatformStatus([HEALTHY, ROLLED_BACK], [INCIDENT], THEN, 0.4, DRILL)


class FakeStatus:
    """The port; `write()` is what somebody finds out."""

    def __init__(self, status: PlatformStatus = STATUS) -> None:
        self.status = status
        self._written = asyncio.Event()
        self._topics = FakeTopics()

    def write(self, status: PlatformStatus) -> None:
        self.status = status
        self._topics.tell(STATUS_TOPIC)
        self._written.set()
        self._written = asyncio.Event()

    def hear(self, news: News) -> Hearing:
        return self._topics.hear(STATUS_TOPIC, news)

    async def now(self) -> PlatformStatus:
        return self.status

    async def after(self, told: PlatformStatus) -> PlatformStatus:
        while says(self.status) == says(told):
            await self._written.wait()
        return self.status


def without_trouble() -> PlatformStatus:
    return replace(STATUS, capabilities=[HEALTHY], incidents=[])
