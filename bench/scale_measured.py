"""Measures pages of several sizes in turns: inside, and through doors of one and two workers."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeAlias

from bench import report
from bench.execution_measured import Rival, compare, home, token_of
from bench.host import load
from bench.rivals import asked
from bench.rivals.asking import ask, written
from bench.rivals.inside import EXECUTORS, Inner, Inside
from bench.rivals.running import Running, running

DOORS = {"compiled": "compiled", "kept": "graphql-core"}
"""The executor of each rival."""
WORKERS = (1, 2)
WARMED_S = 0.3

Way: TypeAlias = tuple[str, int]
"""An executor, and by how many workers."""


@dataclass(frozen=True, slots=True)
class Turns:
    """How each size is measured."""

    rounds: int
    seconds: float
    connections: int


@dataclass(frozen=True, slots=True)
class Size:
    """`inside` is by executor."""

    leaves: int
    doors: Mapping[Way, Rival]
    inside: Mapping[str, Inside]


@dataclass(frozen=True, slots=True)
class Measured:
    """`loads` are the machine's averages, before and after."""

    sizes: Sequence[Size]
    loads: tuple[float, float]


async def measure(sizes: Sequence[int], turns: Turns) -> Measured:
    before, measured = load(), []
    with home() as kept, ExitStack() as open_, report.progress() as bar:
        token = token_of(kept)
        doors = {
            (executor, workers): open_.enter_context(running(name, kept, workers))
            for name, executor in DOORS.items()
            for workers in WORKERS
        }
        task = bar.add_task("Asking", total=len(sizes) * (turns.rounds + 1))
        for courses in sizes:
            requests = written(asked.bodies(asked.PAGE, courses), token)
            rivals = await _through(doors, requests, turns, lambda: bar.advance(task))
            measured.append(Size(courses * asked.LEAVES, rivals, await _inside(courses, turns)))
            bar.advance(task)
    return Measured(measured, (before, load()))


async def _through(
    doors: Mapping[Way, Running],
    requests: Sequence[bytes],
    turns: Turns,
    done: Callable[[], None],
) -> dict[Way, Rival]:
    """In turns, round by round; what comes before them is unmeasured."""
    rivals = {way: Rival(f"{way[0]}, {way[1]}", at) for way, at in doors.items()}
    await compare(list(rivals.values()), requests)
    for rival in rivals.values():
        await ask(rival.at, requests, turns.connections, WARMED_S)
    for _ in range(turns.rounds):
        for rival in rivals.values():
            one = await ask(rival.at, requests, turns.connections, turns.seconds)
            rival.rounds.append(one)
        done()
    return rivals


async def _inside(courses: int, turns: Turns) -> dict[str, Inside]:
    return {
        name: await Inner(execute, asked.PAGE, courses).measure(turns.seconds / 3)
        for name, execute in EXECUTORS.items()
    }
