"""Live classes of a school of a bench's own: written at the monolith, held by the service."""

from collections.abc import Iterable
from datetime import timedelta

from bench.campus import TEACHER
from flags.names import COURSE_READ, LIVE_CLASS_CONTROL, LIVE_CLASS_SCHEDULE
from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.contracts.ids import Kind, LiveClassId, Side, encode
from services.kit.clock import SystemClock

HELD = (COURSE_READ, LIVE_CLASS_SCHEDULE, LIVE_CLASS_CONTROL)
"""What is on the services' side where classes are held."""
LASTS = timedelta(hours=4)


async def write_teacher(db: Connection, tenant: str) -> None:
    await seed.person(db, tenant, TEACHER, "A teacher", "TEACHER")


async def write_class(db: Connection, tenant: str, course: int, users: Iterable[int]) -> int:
    """A course with these learners, and its class, which begins now; gives the class's id."""
    await seed.course(db, tenant, course)
    await seed.enrol(db, tenant, course, TEACHER, "TEACHER")
    enrolled = [(tenant, course, user, "LEARNER") for user in users]
    await db.copy_records_to_table("enrolments", records=enrolled)
    starts = SystemClock().now().replace(tzinfo=None)
    return await seed.live_class(db, tenant, course, starts, starts + LASTS, teacher=TEACHER)


def class_id(tenant: str, number: int) -> LiveClassId:
    return LiveClassId(encode(Kind.LIVE_CLASS, tenant, number, Side.LEGACY))
