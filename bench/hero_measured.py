"""Measures a class of thousands that opens at once, and the ordinary classes beside it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench import report
from bench.campus import TEACHER
from bench.class_words import PRESENT, START
from bench.hero_asked import Asked, Askings
from bench.hero_join import Door, Herd
from bench.hero_others import Felt, Ordinary
from bench.hero_school import HERO, OF_A_CLASS, School, Tokens, open_school
from bench.host import load
from bench.sources import source_of
from bench.system import System
from bench.talker import Talker

TEACHERS = 2
"""The block of addresses that the teacher's is of."""
COUNTED_WITHIN_S, LOOK_S, SETTLES_S = 30.0, 0.25, 1.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """`learners` come within so many seconds; `ordinary` classes do something each `pace_s`.

    It is quiet for `seconds` before. Late is who is in more than `allowance_s` behind their time.
    """

    learners: int
    ordinary: int
    seconds: float
    within_s: float
    pace_s: float
    allowance_s: float


@dataclass(frozen=True, slots=True)
class Stretch:
    felt: Felt
    asked: Asked


@dataclass(frozen=True, slots=True)
class Measured:
    """`present` is what the class says of itself, so many seconds behind the last who came."""

    sizes: Sizes
    herd: Herd
    quiet: Stretch
    joining: Stretch
    present: int
    counted_s: float
    again: Counter[str]
    loads: tuple[float, float]

    @property
    def absent(self) -> int:
        """Between who came and who is counted."""
        return abs(len(self.herd.entered) - self.present)

    def times(self, kind: str) -> float:
        """The ordinary classes' p95 while the herd came, of the quiet one; 0 of nothing."""
        quiet = self.quiet.felt.ms(kind, 95)
        return self.joining.felt.ms(kind, 95) / quiet if quiet else 0.0


@dataclass
class Field:
    """All who are connected; `again` is what the teacher and the ordinary had to send again."""

    gateway: str
    school: School
    sizes: Sizes
    tokens: Tokens
    askings: Askings
    herd: Herd = field(default_factory=Herd)
    again: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.teacher = self.talker(TEACHER, self.again)
        self.learners = [self.talker(one, self.herd.again) for one in self.school.users_of(HERO)]
        self.people = {
            number: [self.talker(user, self.again) for user in self.school.users_of(number)]
            for number in self.school.classes
            if number != HERO
        }
        self.ordinary = [
            Ordinary(self.school.class_id(number), people) for number, people in self.people.items()
        ]

    def talker(self, user: int, again: Counter[str]) -> Talker:
        return Talker(self.tokens.token(user), again)

    async def open(self) -> None:
        """All classes have begun, and the ordinary are full."""
        await self.teacher.open(self.gateway, source_of(TEACHERS, 0))
        for number in self.school.classes:
            live_class, key = self.school.class_id(number), f"start {number}"
            await self.teacher.do(START, **{"class": live_class}, key=key)
        for nth, one in enumerate(self.ordinary):
            await one.open(self.gateway, nth * OF_A_CLASS)

    async def quiet(self) -> Stretch:
        over = asyncio.Event()
        asyncio.get_running_loop().call_later(self.sizes.seconds, over.set)
        return await self._stretch(over)

    async def joining(self) -> Stretch:
        """Until all are in, or never will be."""
        over = asyncio.Event()
        door = Door(self.gateway, self.school.class_id(HERO), self.herd)
        async with asyncio.TaskGroup() as work:
            ordinary = work.create_task(self._stretch(over), name="ordinary classes")
            try:
                await door.come(self.learners, self.sizes.within_s)
            finally:
                over.set()
        return ordinary.result()

    async def _stretch(self, over: asyncio.Event) -> Stretch:
        """The classes begin one after another, spread over the time between two things done."""
        felt, place, many = Felt(), await self.askings.place(), len(self.ordinary)
        async with asyncio.TaskGroup() as work:
            for nth, one in enumerate(self.ordinary):
                first_s = nth / many * self.sizes.pace_s
                work.create_task(one.go_on(first_s, self.sizes.pace_s, over, felt))
        return Stretch(felt, await self.askings.since(place))

    async def present(self) -> tuple[int, float]:
        """How many the class counts once they are all who came, or after so long; and when."""
        now_s = asyncio.get_running_loop().time
        began_s, said = now_s(), {"class": self.school.class_id(HERO)}
        while True:
            counted = (await self.teacher.do(PRESENT, **said))["present"] or 0
            took_s = now_s() - began_s
            if counted == len(self.herd.entered) or took_s > COUNTED_WITHIN_S:
                return counted, took_s
            await asyncio.sleep(LOOK_S)

    def leave(self) -> None:
        ordinary = [one for some in self.people.values() for one in some]
        for talker in (self.teacher, *self.learners, *ordinary):
            talker.leave()


async def measure(running: System, sizes: Sizes, name: str) -> Measured:
    before = load()
    async with _field(running, sizes, name) as there:
        with report.progress() as bar:
            task = bar.add_task("Ordinary classes begin", total=3)
            await there.open()
            await asyncio.sleep(SETTLES_S)
            bar.update(task, advance=1, description="Ordinary classes alone")
            quiet = await there.quiet()
            bar.update(task, advance=1, description=f"{sizes.learners:,} more come")
            joining = await there.joining()
            bar.update(task, advance=1, description="All are in")
        counted = await there.present()
    loads = before, load()
    return Measured(sizes, there.herd, quiet, joining, *counted, there.again, loads)


@asynccontextmanager
async def _field(running: System, sizes: Sizes, name: str) -> AsyncIterator[Field]:
    school = School(name, sizes.learners, sizes.ordinary)
    await open_school(running, school)
    gateway = running.at.gateway.removeprefix("http://")
    tokens = Tokens.of(running, school.tenant)
    there = Field(gateway, school, sizes, tokens, Askings.of(running))
    try:
        yield there
    finally:
        there.leave()
