"""Measures attempts: writers in several places in turns, then a rush of learners on one exam."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bench import campus, exam, report
from bench.campus import TEACHER, Campus
from bench.candidate import Bearers, Candidate, assessment_id
from bench.database_load import Database
from bench.exam import Exam
from bench.host import Host, load
from bench.lever import place
from bench.limit import Watch
from bench.rush import Rush, rush
from bench.service_side import ServiceSide
from bench.system import System
from bench.way_in import Door
from bench.writers import Way, Writer
from flags.names import Side
from gateway.identity.issuer import DemoIssuer
from services.contracts.learning import Role

QUIZZES = 8
"""In each course."""
ONE, SPREAD, TENANTS, OLD = "one course", "a course each", "many tenants", "old side"


@dataclass(frozen=True, slots=True)
class Sizes:
    writers: int
    tenants: int
    seconds: float
    rounds: int
    rush: int
    connections: int

    @property
    def crews(self) -> list[int]:
        """How many write at once: one, an eighth of them, all."""
        return sorted({1, -(-self.writers // 8), self.writers})


@dataclass(frozen=True, slots=True)
class Measured:
    """`loads` are the machine's averages at the beginning and at the end."""

    ways: Sequence[Way]
    rush: Rush
    durability: Mapping[str, str]
    loads: tuple[float, float]

    def way(self, where: str, writers: int) -> Way:
        return next(way for way in self.ways if way.place == where and len(way.writers) == writers)


@dataclass(frozen=True, slots=True)
class Bench:
    """`name` begins the ids of all its tenants."""

    running: System
    sizes: Sizes
    name: str
    door: Door
    bearers: Bearers
    database: Database
    watch: Watch
    service: ServiceSide

    @classmethod
    @asynccontextmanager
    async def of(cls, running: System, sizes: Sizes, name: str) -> AsyncIterator["Bench"]:
        async with AsyncExitStack() as open_:
            door = Door(running.at.gateway, sizes.connections)
            open_.push_async_callback(door.close)
            database = await Database.at(running.at.database)
            open_.push_async_callback(database.close)
            service = await ServiceSide.of(running)
            open_.push_async_callback(service.close)
            own = running.settings
            issuer = DemoIssuer(running.home, own.token_issuer, own.token_audience)
            watch = Watch(Host.of(running), database)
            yield cls(running, sizes, name, door, Bearers(issuer), database, watch, service)

    async def fill(self) -> dict[str, list[Campus]]:
        """The campuses by place, once the service knows all of them; each on its side."""
        writers, tenants = self.sizes.writers, self.sizes.tenants
        each = -(-writers // tenants)
        places = {
            ONE: [Campus(f"{self.name}one", writers, quizzes=QUIZZES)],
            SPREAD: [Campus(f"{self.name}spread", writers, courses=writers, quizzes=QUIZZES)],
            TENANTS: [
                Campus(f"{self.name}many-{n}", each, quizzes=QUIZZES) for n in range(tenants)
            ],
            OLD: [Campus(f"{self.name}old", writers, quizzes=QUIZZES)],
        }
        all_ = [one for some in places.values() for one in some]
        await campus.write(self.running, all_)
        await self.service.await_known(all_)
        sides = {one.tenant: Side.SERVICE for one in all_}
        await place(self.running, {**sides, places[OLD][0].tenant: Side.LEGACY})
        return places

    def ways(self, places: Mapping[str, Sequence[Campus]]) -> list[Way]:
        return [
            Way(where, self.writers(campuses, crew))
            for where, campuses in places.items()
            for crew in self.sizes.crews
        ]

    def writers(self, campuses: Sequence[Campus], crew: int) -> list[Writer]:
        """One of each campus in turn."""
        ranks = zip(*(one.users for one in campuses), strict=True)
        people = [pair for rank in ranks for pair in zip(campuses, rank, strict=True)]
        return [self._writer(one, user) for one, user in people[:crew]]

    def _writer(self, own: Campus, user: int) -> Writer:
        quizzes = [assessment_id(own.tenant, quiz) for quiz in own.quizzes_of(user)]
        return Writer(self.candidate(own, user), quizzes)

    def candidate(self, own: Campus, user: int, role: Role = Role.LEARNER) -> Candidate:
        return Candidate(self.door, user, self.bearers.of(own.tenant, user, role))

    async def rush(self, commands_per_s: float) -> Rush:
        own = exam.campus_of(f"{self.name}rush", self.sizes.rush)
        await campus.write(self.running, [own])
        await self.service.await_known([own])
        await place(self.running, {own.tenant: Side.SERVICE})
        teacher = self.candidate(own, TEACHER, Role.TEACHER)
        crowd = [self.candidate(own, user) for user in own.users]
        made = Exam(self.running, self.service, own)
        return await rush(made, teacher, crowd, self.watch, commands_per_s)


async def measure(running: System, sizes: Sizes, name: str) -> Measured:
    async with Bench.of(running, sizes, name) as bench:
        before = load()
        ways = bench.ways(await bench.fill())
        await take_turns(bench, ways)
        most = max(way.per_s for way in ways if way.place == ONE)
        rushed = await bench.rush(most)
        return Measured(ways, rushed, await bench.database.durability(), (before, load()))


async def take_turns(bench: Bench, ways: Sequence[Way]) -> None:
    with report.progress() as bar:
        task = bar.add_task("Writing", total=bench.sizes.rounds * len(ways))
        for way in ways:
            await way.warm()
        for _ in range(bench.sizes.rounds):
            for way in ways:
                await way.write(bench.watch, bench.sizes.seconds)
                bar.advance(task)
