"""Which sources stand behind the ports: the old side's, the new side's, and what chooses."""

from datetime import timedelta

from redis.asyncio import Redis

from flags.client import Flags
from flags.pins import RedisPins
from gateway.attempts.sides import AttemptSides
from gateway.freshness.writes import RedisWrites
from gateway.lessons import CoursesOfLessons
from gateway.realtime.hub import Hub
from gateway.sides import Sides
from legacy.assessment import LegacyAssessments
from legacy.attempts import LegacyAttempts
from legacy.client import LegacyClient
from legacy.courses import LegacyCourses
from legacy.live_class import LegacyLiveClasses
from legacy.people import LegacyPeople
from legacy.progress import LegacyProgress
from legacy.versions import Versions
from legacy.zones import Zones
from resolvers.ports import Sources, Topics
from services.assessment.client.attempts import ServiceAttempts
from services.kit.asking import ServiceClient
from services.kit.clock import Clock
from services.kit.http import Transport
from services.kit.settings import Settings, url_of
from services.live_class.client import ServiceLiveClasses
from services.progress.client.assessments import ServiceAssessments
from services.progress.client.courses import ServiceCourses
from services.progress.client.people import ServicePeople
from services.progress.client.progress import ServiceCompletions, ServiceProgress

REMEMBERED = timedelta(days=30)
"""How long it is known without the service who has begun there: longer than an attempt lasts."""


def sides_of(
    settings: Settings,
    monolith: LegacyClient,
    to_services: Transport,
    redis: Redis,
    hub: Hub,
    flags: Flags,
    clock: Clock,
) -> Sides:
    versions = Versions(_client(settings, to_services, "feeder"), clock)
    old_attempts = LegacyAttempts(monolith, Zones(monolith))
    new_attempts = ServiceAttempts(_client(settings, to_services, "assessment"))
    legacy = _legacy_sources(monolith, versions, old_attempts, clock, hub)
    begun = RedisPins(redis, clock, lasts=REMEMBERED)
    return Sides(
        legacy=legacy,
        service=_service_sources(settings, to_services, new_attempts, legacy, hub),
        attempts=AttemptSides(old_attempts, new_attempts, begun),
        flags=flags,
        pins=RedisPins(redis, clock),
        lessons=CoursesOfLessons(),
        writes=RedisWrites(redis, clock),
        clock=clock,
    )


def monolith_of(settings: Settings, transport: Transport, clock: Clock) -> LegacyClient:
    url, budget_s = url_of(settings, "monolith"), settings.upstream_budget_ms / 1000
    return LegacyClient(transport, clock, url, settings.legacy_secret, budget_s)


def _legacy_sources(
    client: LegacyClient,
    versions: Versions,
    attempts: LegacyAttempts,
    clock: Clock,
    topics: Topics,
) -> Sources:
    zones, courses = Zones(client), LegacyCourses(client)
    progress = LegacyProgress(client, versions)
    return Sources(
        people=LegacyPeople(client),
        courses=courses,
        editing=courses,
        progress=progress,
        completions=progress,
        written=progress,
        assessments=LegacyAssessments(client, zones),
        attempts=attempts,
        attempting=attempts,
        supervising=attempts,
        live_classes=LegacyLiveClasses(client, zones, clock),
        topics=topics,
    )


def _client(settings: Settings, transport: Transport, service: str) -> ServiceClient:
    budget_s = settings.upstream_budget_ms / 1000
    return ServiceClient(transport, service, url_of(settings, service), budget_s)


def _service_sources(
    settings: Settings,
    transport: Transport,
    attempts: ServiceAttempts,
    legacy: Sources,
    topics: Topics,
) -> Sources:
    """Courses are edited at the monolith alone, whoever is asked for them."""
    client = _client(settings, transport, "progress")
    progress = ServiceProgress(client)
    return Sources(
        people=ServicePeople(client),
        courses=ServiceCourses(client),
        editing=legacy.editing,
        progress=progress,
        completions=ServiceCompletions(client),
        written=progress,
        assessments=ServiceAssessments(client),
        attempts=attempts,
        attempting=attempts,
        supervising=attempts,
        live_classes=ServiceLiveClasses(_client(settings, transport, "live_class")),
        topics=topics,
    )
