"""Measures thousands of learners at their sockets: how long each waits, and what it all costs."""

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import click
import psutil

from bench import report
from bench.class_to_all import to_all_of
from bench.host import MODULES, REST, Host, load
from bench.learners_crowd import Crowd, crowd
from bench.learners_found import Asked, Hero, Run, Spent, judge
from bench.learners_plan import Found, Plan, School
from bench.learners_school import completed, open_school, school_of
from bench.memory import memory_of
from bench.system import System
from bench.to_all import ToAll

SPARE_FILES = 2_000
"""Of a process, for all that is no learner's socket."""
IDLE_SHARE = 4
"""They act so many times as long as nobody does before."""
VALKEY = "valkey"
PARTS = {
    **MODULES,
    "progress": "services.progress",
    "live_class": "services.live_class",
    "feeder": "legacy.feeder",
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """`files` may be open in one process; `loads` are the machine's, before and after."""

    runs: Sequence[Run]
    files: int
    loads: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Field:
    """Where a run takes place."""

    running: System
    school: School
    asked: Asked
    learners: Crowd
    host: Host
    gateways: Sequence[psutil.Process]
    to_all: ToAll

    async def run(self, known_s: float) -> Run:
        with report.progress() as bar:
            task = bar.add_task(f"{self.asked.learners:,} learners open their sockets", total=3)
            before = [memory_of(one) for one in self.gateways]
            opened, opening = await self._spent(self.learners.open())
            after = [memory_of(one) for one in self.gateways]
            bar.update(task, advance=1, description="Nobody acts")
            _, idle = await self._spent(asyncio.sleep(self.asked.seconds / IDLE_SHARE))
            bar.update(task, advance=1, description="Learners act")
            found, committed, acting = await self._acted()
            bar.update(task, advance=1)
        heroes = [Hero(at_ms, _heard(found, number)) for number, at_ms in enumerate(committed, 1)]
        kept, ready = await completed(self.running, self.school), sum(o.learners for o in opened)
        judged = judge(found, kept, heroes, ready)
        memory = list(zip(before, after, strict=True))
        return Run(
            self.asked, known_s, opened, found, heroes, judged, memory, opening, idle, acting
        )

    async def _acted(self) -> tuple[list[Found], list[int], Spent]:
        async with asyncio.TaskGroup() as work:
            finding = work.create_task(self.learners.act(), name="learners")
            telling = work.create_task(self._tell_all(), name="heroes")
            _, acting = await self._spent(asyncio.sleep(self.asked.seconds))
        return finding.result(), telling.result(), acting

    async def _tell_all(self) -> list[int]:
        """When each was committed, in milliseconds of the monotonic clock."""
        committed: list[int] = []
        for number in range(1, self.asked.told(self.to_all.least_s) + 1):
            at_s = await asyncio.to_thread(self.to_all.tell, self.running, number)
            committed.append(int(at_s * 1000))
            await asyncio.sleep(max(self.to_all.least_s, self.asked.seconds / self.asked.heroes))
        return committed

    async def _spent(self, work: Awaitable[T]) -> tuple[T, Spent]:
        began_s, before = time.monotonic(), self.host.cpu_s()
        done = await work
        after, seconds = self.host.cpu_s(), time.monotonic() - began_s
        return done, Spent(seconds, {part: after[part] - before[part] for part in after})


async def measure(running: System, asked: Sequence[Asked], files: int, name: str) -> Measured:
    before, runs = load(), []
    for nth, one in enumerate(asked):
        school = school_of(f"{name}{nth}", one.learners, one.seconds / one.pace_s)
        runs.append(await _run(running, one, school, processes_for(one.learners, files)))
    return Measured(runs, files, (before, load()))


def processes_for(learners: int, files: int) -> int:
    """Raises ClickException where a process has none to give."""
    if files <= SPARE_FILES:
        raise click.ClickException(f"A process may have {files:,} files open here: too few.")
    return -(-learners // (files - SPARE_FILES))


async def _run(running: System, asked: Asked, school: School, processes: int) -> Run:
    gateways = running.processes("gateway.main")
    if len(gateways) < processes:
        raise click.ClickException(
            f"{asked.learners:,} sockets need {processes} processes of the gateway here, and there "
            f"are {len(gateways)}: BANYAN_WORKERS says how many."
        )
    known_s, to_all = (
        await open_school(running, school),
        to_all_of(asked.to_all, school, asked.heroes),
    )
    await asyncio.to_thread(to_all.tell, running, 0)
    await asyncio.sleep(to_all.least_s)
    async with crowd(_plans(running, school, asked, processes, to_all)) as learners:
        field = Field(running, school, asked, learners, _host(running), gateways, to_all)
        return await field.run(known_s)


def _plans(
    running: System, school: School, asked: Asked, processes: int, to_all: ToAll
) -> list[Plan]:
    own = running.settings
    return [
        Plan(
            running.at.gateway.removeprefix("http://"),
            str(running.home),
            own.token_issuer,
            own.token_audience,
            school,
            nth,
            processes,
            asked.per_s / processes,
            asked.pace_s,
            asked.seconds,
            asked.told(to_all.least_s),
            asked.to_all,
            asked.hands,
        )
        for nth in range(processes)
    ]


def _host(running: System) -> Host:
    parts = dict(Host.of(running, PARTS).parts)
    parts[VALKEY] = [one for one in parts[REST] if VALKEY in one.name()]
    parts[REST] = [one for one in parts[REST] if VALKEY not in one.name()]
    return Host(parts)


def _heard(found: Sequence[Found], number: int) -> Mapping[int, int]:
    heard: dict[int, int] = {}
    for one in found:
        for at_ms, many in one.moments.get(number, {}).items():
            heard[at_ms] = heard.get(at_ms, 0) + many
    return heard
