"""What a page of a teacher's dashboard costs in a course of 30, of 3,000 and of 30,000 learners.

A page has 30 learners with their progress and their scores, or 30 submissions with how many there
are of each state; it begins anywhere. Measured in turns on the new side, in fresh tenants that are
gone at the end, and told as a ratio to the smallest course.
"""

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import click
import uvloop

from bench import report
from bench.campus import tenants_forgotten
from bench.crowded_course import CrowdedCourse, settle
from bench.learner import BadAnswer
from bench.lever import READS, flags_kept, place
from bench.measure import Work
from bench.system import System, system
from bench.teacher import Teacher
from bench.writers import percentile_ms
from flags.names import Side

COLUMNS = ["learners", "pages", "p50 ms", "p99 ms", "p50 ratio", "p99 ratio"]
SIZES = (30, 3_000, 30_000)
WARM = 5


@dataclass(slots=True)
class Pages:
    """Of one kind in one course; `took` in seconds."""

    kind: str
    learners: int
    open_one: Work
    took: list[float] = field(default_factory=list)

    async def turn(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while (began := time.monotonic()) < ends:
            await self.open_one()
            self.took.append(time.monotonic() - began)

    async def warm(self) -> None:
        for _ in range(WARM):
            await self.open_one()

    def ms(self, percent: int) -> float:
        return percentile_ms(self.took, percent)


async def measure(
    running: System, name: str, sizes: Sequence[int], seconds: float, rounds: int
) -> list[Pages]:
    """One caller: what others wait for is not measured."""
    courses = [CrowdedCourse(f"{name}{learners}", learners) for learners in sizes]
    for course in courses:
        await course.write(running)
    await settle(running)
    await place(running, {course.tenant: Side.SERVICE for course in courses}, READS)
    async with teachers(running, courses) as all_:
        pages = [
            Pages(kind, course.learners, open_one)
            for course, teacher in zip(courses, all_, strict=True)
            for kind, open_one in (("roster", teacher.roster), ("submissions", teacher.submissions))
        ]
        for one in pages:
            await one.warm()
        for _ in range(rounds):
            for one in pages:
                await one.turn(seconds)
    return pages


@asynccontextmanager
async def teachers(
    running: System, courses: Sequence[CrowdedCourse]
) -> AsyncIterator[list[Teacher]]:
    dice = random.Random(1)
    all_ = [Teacher(running, course, dice) for course in courses]
    try:
        yield all_
    finally:
        await asyncio.gather(*(one.close() for one in all_))


def tell(kind: str, pages: Sequence[Pages]) -> dict[str, dict[str, float]]:
    """Shown as a table; given as figures by the number of learners."""
    of_kind = [one for one in pages if one.kind == kind]
    p50_ms, p99_ms = of_kind[0].ms(50), of_kind[0].ms(99)
    rows = [
        [
            one.learners,
            len(one.took),
            one.ms(50),
            one.ms(99),
            one.ms(50) / p50_ms,
            one.ms(99) / p99_ms,
        ]
        for one in of_kind
    ]
    report.show(f"A page of {kind}", COLUMNS, rows)
    names = [name.replace(" ", "_") for name in COLUMNS[1:]]
    return {str(row[0]): dict(zip(names, row[1:], strict=True)) for row in rows}


@click.command(help=__doc__)
@click.option("--learners", multiple=True, type=int, default=SIZES, show_default=True)
@click.option("--seconds", default=1.0, show_default=True, help="How long each turn takes.")
@click.option("--rounds", default=5, show_default=True, help="Turns of each.")
@report.json_option
def main(learners: tuple[int, ...], seconds: float, rounds: int, as_json: bool) -> None:
    name = f"bench-{secrets.token_hex(3)}-"
    try:
        with (
            system() as running,
            tenants_forgotten(running, name),
            flags_kept(running.home, READS),
        ):
            pages = uvloop.run(measure(running, name, learners, seconds, rounds))
    except BadAnswer as failed:
        raise click.ClickException(str(failed)) from failed
    report.end({kind: tell(kind, pages) for kind in ("roster", "submissions")}, as_json)


if __name__ == "__main__":
    main()
