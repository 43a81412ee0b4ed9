"""The monolith behind its adapter, as the gateway wires it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from legacy.assessment import LegacyAssessments
from legacy.attempts import LegacyAttempts
from legacy.classroom import LegacyClassrooms
from legacy.client import LegacyClient
from legacy.courses import LegacyCourses
from legacy.live_class import LegacyLiveClasses
from legacy.people import LegacyPeople
from legacy.progress import LegacyProgress
from legacy.versions import Versions
from legacy.zones import Zones
from resolvers.ports import Sources
from services.kit.asking import ServiceClient
from services.kit.clock import FakeClock, SystemClock
from services.kit.ports import PORTS, port_of
from services.kit.signing import Signer
from services.kit.transport import HttpTransport
from tests.fakes.tenant import NOW
from tests.fakes.topics import FakeTopics

BUDGET_S = 20.0


@asynccontextmanager
async def sources(
    url: str, secret: str, feeder_url: str = "", signer: Signer | None = None
) -> AsyncIterator[Sources]:
    """The feeder is the one beside it, unless another is named."""
    clock = SystemClock()
    transport = HttpTransport(connections=20, signer=signer)
    client = LegacyClient(transport, clock, url, secret, BUDGET_S)
    zones = Zones(client)
    attempts = LegacyAttempts(client, zones)
    feeder = ServiceClient(transport, "feeder", feeder_url or _feeder_beside(url), BUDGET_S)
    progress = LegacyProgress(client, Versions(feeder, clock))
    yield Sources(
        people=LegacyPeople(client),
        courses=LegacyCourses(client),
        editing=LegacyCourses(client),
        progress=progress,
        completions=progress,
        written=progress,
        assessments=LegacyAssessments(client, zones),
        attempts=attempts,
        attempting=attempts,
        supervising=attempts,
        live_classes=LegacyLiveClasses(client, zones, FakeClock(NOW)),
        classrooms=LegacyClassrooms(client, zones, FakeClock(NOW)),
        topics=FakeTopics(),
    )
    await client.close()
    await transport.close()


def _feeder_beside(monolith: str) -> str:
    """By the one table of ports."""
    host, _, port = monolith.rpartition(":")
    return f"{host}:{port_of('feeder', int(port) - PORTS['monolith'])}"
