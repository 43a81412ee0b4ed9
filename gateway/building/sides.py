"""Which sources stand behind the ports: the old side's, the new side's, and what chooses."""

from dataclasses import replace
from datetime import timedelta

from flags.client import Flags
from flags.pins import RedisPins
from gateway.attempts.copies import RedisCopies
from gateway.attempts.sides import AttemptSides
from gateway.building.outside import Outside, client_of
from gateway.cache.setup import Caching
from gateway.cached.editing import ToldEditing
from gateway.cached.reader import Reader
from gateway.cached.sources import cached
from gateway.classroom.sides import ClassroomSides
from gateway.freshness.writes import RedisWrites
from gateway.lessons import CoursesOfLessons
from gateway.realtime.hub import Hub
from gateway.sides import Sides
from gateway.together.courses import CoursesTogether
from gateway.together.kinds import Kinds
from gateway.together.progress import ProgressTogether
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
from resolvers.topics import Topics
from services.assessment.client.attempts import ServiceAttempts
from services.kit.clock import Clock
from services.kit.http import Transport
from services.kit.redis import AnyRedis
from services.kit.settings import Settings
from services.live_class.classroom_client import ServiceClassrooms
from services.live_class.client import ServiceLiveClasses
from services.progress.client.assessments import ServiceAssessments
from services.progress.client.courses import ServiceCourses
from services.progress.client.people import ServicePeople
from services.progress.client.progress import ServiceCompletions, ServiceProgress

REMEMBERED = timedelta(days=30)
"""How long it is known without the service who has begun there: longer than an attempt lasts."""


def sides_of(
    settings: Settings,
    outside: Outside,
    redis: AnyRedis,
    hub: Hub,
    flags: Flags,
    clock: Clock,
    caching: Caching | None = None,
) -> Sides:
    monolith, to_services, moving = outside.monolith, outside.upstreams, outside.moving
    reads = moving.strangling.reads
    versions = Versions(client_of(settings, to_services, "feeder"), clock)
    old_attempts = LegacyAttempts(monolith, Zones(monolith))
    new_attempts = ServiceAttempts(client_of(settings, to_services, "assessment"))
    legacy = _legacy_sources(monolith, versions, old_attempts, clock, hub)
    service = _service_sources(settings, to_services, new_attempts, legacy, hub, outside.kinds)
    legacy, service = (replace(one, status=moving.board) for one in (legacy, service))
    legacy, lists, commands = moving.shadowing.beside(legacy, service)
    if caching is not None:
        legacy = _cached(legacy, "legacy", caching, settings, clock)
        service = _cached(service, "service", caching, settings, clock)
    begun = RedisPins(redis, clock, lasts=REMEMBERED)
    return Sides(
        legacy=legacy,
        service=service,
        attempts=AttemptSides(
            old_attempts, new_attempts, begun, RedisCopies.of(redis, clock), lists, commands
        ),
        classrooms=ClassroomSides.over(legacy.classrooms, service.classrooms, redis, clock, flags),
        flags=flags,
        reads=reads,
        served=reads.over(service, legacy),
        pins=RedisPins(redis, clock),
        lessons=CoursesOfLessons(),
        writes=RedisWrites(redis, clock),
        clock=clock,
    )


def _cached(
    sources: Sources, side: str, caching: Caching, settings: Settings, clock: Clock
) -> Sources:
    reader = Reader(caching.cache, side, settings.upstream_budget_ms / 1000, clock)
    is_projected = side == "service"
    heard, following = caching.cache.heard, caching.following
    editing = ToldEditing(sources.editing, following, heard, is_projected)
    return cached(sources, reader, editing)


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
        classrooms=LegacyClassrooms(client, zones, clock),
        topics=topics,
    )


def _service_sources(
    settings: Settings,
    transport: Transport,
    attempts: ServiceAttempts,
    legacy: Sources,
    topics: Topics,
    kinds: Kinds,
) -> Sources:
    """Courses are edited at the monolith alone, whoever is asked for them."""
    client = client_of(settings, transport, "progress")
    progress = ProgressTogether(ServiceProgress(client), kinds.progress)
    classes = client_of(settings, transport, "live_class")
    return Sources(
        people=ServicePeople(client),
        courses=CoursesTogether(ServiceCourses(client), kinds.enrolments, kinds.completed),
        editing=legacy.editing,
        progress=progress,
        completions=ServiceCompletions(client),
        written=progress,
        assessments=ServiceAssessments(client),
        attempts=attempts,
        attempting=attempts,
        supervising=attempts,
        live_classes=ServiceLiveClasses(classes),
        classrooms=ServiceClassrooms(classes),
        topics=topics,
    )
