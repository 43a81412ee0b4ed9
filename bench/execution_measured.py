"""Measures the rivals in turns: through their doors, and Python's two executors inside."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import report
from bench.collector import collector
from bench.host import load
from bench.rivals import asked
from bench.rivals.apps import WHO, issuer_of
from bench.rivals.asking import Asked, answers, ask, written
from bench.rivals.inside import EXECUTORS, Inner, Inside
from bench.rivals.node import NoNode
from bench.rivals.running import MERCURIUS, Running, cores, pinned, running
from services.kit.clock import SystemClock
from services.kit.metrics import ENDPOINT

TAKE = 10
NAMES = {
    "strawberry": "Strawberry as it comes",
    "kept": "documents kept",
    "compiled": "compiled",
    "traced": "compiled, 1 % traced",
    MERCURIUS: "Mercurius with JIT",
}
COMPARED = 20
"""So many answers are compared before anything is measured."""
WARMED_S = 2.0


@dataclass(frozen=True, slots=True)
class Rival:
    """Median figures of the rounds so far."""

    name: str
    at: Running
    rounds: list[Asked] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        return median(one.per_s for one in self.rounds)

    @property
    def us(self) -> float:
        return median(one.us for one in self.rounds)

    @property
    def own_us(self) -> float:
        return median(one.own_us for one in self.rounds)

    def per_s_of(self, other: "Rival") -> float:
        """How many times its requests a second: the median of pairs."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(mine.per_s / its.per_s for mine, its in pairs)

    def us_of(self, other: "Rival") -> float:
        """How many times its CPU."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(mine.us / its.us for mine, its in pairs)


@dataclass(frozen=True, slots=True)
class Measured:
    """`missing` says why a rival is not there; `loads` are the machine's, before and after."""

    rivals: dict[str, Rival]
    missing: dict[str, str]
    inside: dict[str, Inside]
    bytes: int
    exports: int
    loads: tuple[float, float]


async def measure(rounds: int, seconds: float, connections: int, *, with_node: bool) -> Measured:
    before, (core, own) = load(), cores()
    names = [name for name in NAMES if with_node or name != MERCURIUS]
    with home() as kept, collector() as spans, ExitStack() as open_:
        requests = written(asked.bodies(asked.DASHBOARD, TAKE), token_of(kept))
        traced = {ENDPOINT: spans.url}
        rivals, missing = _started(open_, names, kept, core, {"traced": traced})
        open_.enter_context(pinned(own))
        long = await compare(rivals, requests)
        for rival in rivals:
            await ask(rival.at, requests, connections, WARMED_S)
        with report.progress() as bar:
            task = bar.add_task("Asking", total=rounds * len(rivals))
            for _ in range(rounds):
                for rival in rivals:
                    rival.rounds.append(await ask(rival.at, requests, connections, seconds))
                    bar.advance(task)
        inside = {name: await _inside(name, seconds) for name in EXECUTORS}
    named = {rival.name: rival for rival in rivals}
    return Measured(named, missing, inside, long, spans.exports, (before, load()))


async def compare(rivals: Sequence[Rival], requests: Sequence[bytes]) -> int:
    """All answer the same, or RuntimeError; how long an answer is, in bytes."""
    said = {one.name: await answers(one.at, requests[:COMPARED]) for one in rivals}
    first = rivals[0].name
    for name, got in said.items():
        if [one.data for one in got] != [one.data for one in said[first]]:
            raise RuntimeError(f"{name} answers something else than {first}")
    return round(median(one.bytes for one in said[first]))


def token_of(home: Path) -> str:
    return issuer_of(home).token_for(WHO, SystemClock())


@contextmanager
def home() -> Iterator[Path]:
    """A folder for keys, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="banyan-bench-") as folder:
        yield Path(folder)


def _started(
    open_: ExitStack,
    names: Sequence[str],
    home: Path,
    core: int | None,
    environs: Mapping[str, Mapping[str, str]],
) -> tuple[list[Rival], dict[str, str]]:
    rivals: list[Rival] = []
    missing: dict[str, str] = {}
    for name in names:
        try:
            at = open_.enter_context(running(name, home, 1, core, environs.get(name)))
        except NoNode as why:
            missing[name] = str(why)
        else:
            rivals.append(Rival(name, at))
    return rivals, missing


async def _inside(name: str, seconds: float) -> Inside:
    return await Inner(EXECUTORS[name], asked.DASHBOARD, TAKE).measure(seconds / 3)
