"""The monolith behind its adapter, as the gateway wires it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from legacy.assessment import LegacyAssessments
from legacy.attempts import LegacyAttempts
from legacy.client import LegacyClient
from legacy.courses import LegacyCourses
from legacy.live_class import LegacyLiveClasses
from legacy.people import LegacyPeople
from legacy.progress import LegacyProgress
from legacy.zones import Zones
from resolvers.ports import Sources
from services.kit.clock import FakeClock, SystemClock
from services.kit.transport import HttpTransport
from tests.fakes.tenant import NOW
from tests.fakes.topics import FakeTopics

BUDGET_S = 20.0


@asynccontextmanager
async def sources(url: str, secret: str) -> AsyncIterator[Sources]:
    clock = SystemClock()
    transport = HttpTransport(connections=20)
    client = LegacyClient(transport, clock, url, secret, BUDGET_S)
    zones = Zones(client)
    attempts = LegacyAttempts(client, zones)
    yield Sources(
        people=LegacyPeople(client),
        courses=LegacyCourses(client),
        editing=LegacyCourses(client),
        progress=LegacyProgress(client),
        completions=LegacyProgress(client),
        written=LegacyProgress(client),
        assessments=LegacyAssessments(client, zones),
        attempts=attempts,
        attempting=attempts,
        supervising=attempts,
        live_classes=LegacyLiveClasses(client, zones, FakeClock(NOW)),
        topics=FakeTopics(),
    )
    await client.close()
    await transport.close()
