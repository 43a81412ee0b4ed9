"""Measures crowds of several sizes: one event at a time, each way in its turn."""

import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median

from bench import report
from bench.fanout_crowd import Bare, Crowd, Told, Way
from bench.host import load
from gateway.heap import settle

BARE, ONCE, EACH = "bare", "once", "each"
WAYS = {
    ONCE: Way(),
    "own ids": Way(is_named=True),
    "judged": Way(is_judged=True),
    EACH: Way(is_shared=False),
}


@dataclass(frozen=True, slots=True)
class Size:
    """`rounds` are those of each way, BARE among them; `frame_bytes` of what each is written."""

    subscribers: int
    frame_bytes: int
    rounds: Mapping[str, Sequence[Told]]

    def us(self, way: str) -> float:
        return median(one.us for one in self.rounds[way])

    def ms(self, way: str) -> float:
        return median(one.ms for one in self.rounds[way])

    @property
    def times(self) -> float:
        """How many times the CPU of ONCE is EACH's: the median of pairs."""
        pairs = zip(self.rounds[EACH], self.rounds[ONCE], strict=True)
        return median(each.us / once.us for each, once in pairs)


@dataclass(frozen=True, slots=True)
class Measured:
    """`loads` are the machine's averages, before and after."""

    sizes: Sequence[Size]
    loads: tuple[float, float]


async def measure(sizes: Sequence[int], rounds: int) -> Measured:
    before = load()
    settle()
    with report.progress() as bar:
        task = bar.add_task("Telling", total=len(sizes) * (rounds + 1))
        measured = [await _size(many, rounds, lambda: bar.advance(task)) for many in sizes]
    return Measured(measured, (before, load()))


async def _size(many: int, rounds: int, done: Callable[[], None]) -> Size:
    async with _gathered(many) as crowds:
        frame = crowds[ONCE].arrivals.last
        ways: dict[str, Bare | Crowd] = {BARE: Bare(frame, many), **crowds}
        told: dict[str, list[Told]] = {name: [] for name in ways}
        done()
        for _ in range(rounds):
            for name, way in ways.items():
                told[name].append(await way.tell())
            done()
    return Size(many, len(frame), told)


@asynccontextmanager
async def _gathered(many: int) -> AsyncIterator[dict[str, Crowd]]:
    """All at once; the garbage collector looks for nothing but what events leave behind."""
    crowds = {name: await Crowd.gathered(way, many) for name, way in WAYS.items()}
    gc.collect()
    gc.freeze()
    try:
        yield crowds
    finally:
        for one in crowds.values():
            await one.close()
        gc.unfreeze()
