"""The school of a hero teacher: one class of thousands, and ordinary ones beside it."""

from dataclasses import dataclass
from functools import partial

from bench import campus, lever, service_side
from bench.campus import FIRST_LEARNER, TEACHER
from bench.class_school import HELD, class_id, write_class, write_teacher
from bench.system import System
from flags.names import Side
from gateway.identity.issuer import DemoIssuer
from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.contracts.ids import LiveClassId, TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock

OF_A_CLASS = 10
"""Learners of an ordinary one."""
HERO = 1


@dataclass(frozen=True, slots=True)
class School:
    """Classes are numbered from 1 on, and the first is the hero's."""

    tenant: str
    learners: int
    ordinary: int

    @property
    def classes(self) -> range:
        return range(HERO, HERO + 1 + self.ordinary)

    def users_of(self, number: int) -> range:
        if number == HERO:
            return range(FIRST_LEARNER, FIRST_LEARNER + self.learners)
        first = FIRST_LEARNER + self.learners + (number - HERO - 1) * OF_A_CLASS
        return range(first, first + OF_A_CLASS)

    def class_id(self, number: int) -> LiveClassId:
        return class_id(self.tenant, number)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Of the demo issuer of a state folder, for people of one tenant."""

    issuer: DemoIssuer
    tenant: str

    @classmethod
    def of(cls, running: System, tenant: str) -> "Tokens":
        own = running.settings
        return cls(DemoIssuer(running.home, own.token_issuer, own.token_audience), tenant)

    def token(self, user: int) -> str:
        role = Role.TEACHER if user == TEACHER else Role.LEARNER
        viewer = Viewer(TenantId(self.tenant), UserId(str(user)), frozenset({role}))
        return self.issuer.token_for(viewer, SystemClock())


async def open_school(running: System, school: School) -> float:
    """Seconds until the services knew all of it; its classes are to be held by the service."""
    monolith = await campus.at_the_monolith(running)
    try:
        async with monolith.transaction():
            await _write(monolith, school)
        await lever.place(running, {school.tenant: Side.SERVICE}, HELD)
        return await service_side.until(partial(campus.passed, monolith), "heard of the school")
    finally:
        await monolith.close()


async def _write(db: Connection, school: School) -> None:
    tenant = await seed.tenant(db, school.tenant)
    await write_teacher(db, tenant)
    users = [user for number in school.classes for user in school.users_of(number)]
    people = [(tenant, one, f"Learner {one}", f"{one}@example", "en") for one in users]
    await db.copy_records_to_table("people", records=people)
    roles = [(tenant, one, "LEARNER") for one in users]
    await db.copy_records_to_table("roles", records=roles)
    for number in school.classes:
        await write_class(db, tenant, number, school.users_of(number))
