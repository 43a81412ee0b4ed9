"""Ways to one end, measured in turns: their figures are medians of rounds, and of pairs."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench import measure, report
from bench.measure import Measured, Work


@dataclass(frozen=True, slots=True)
class Round:
    """`cpu_ms`, of whatever the bench watches, and calls upstream are those of one piece."""

    measured: Measured
    cpu_ms: float
    old_calls: float = 0.0
    new_calls: float = 0.0

    @property
    def calls(self) -> float:
        return self.old_calls + self.new_calls


async def nothing() -> None:
    """What most need before their turn."""


@dataclass(frozen=True, slots=True)
class Side:
    """`begin` makes ready for each turn, unmeasured."""

    name: str
    work: Work
    begin: Work = nothing
    rounds: list[Round] = field(default_factory=list)

    @property
    def measured(self) -> Measured:
        return measure.median([one.measured for one in self.rounds])

    @property
    def cpu_ms(self) -> float:
        return median(one.cpu_ms for one in self.rounds)

    @property
    def calls(self) -> float:
        return median(one.calls for one in self.rounds)

    def times(self, other: "Side", figure: Callable[[Round], float]) -> float:
        """How many times the other's figure this one's is."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(figure(mine) / figure(its) for mine, its in pairs)


async def take_turns(
    sides: Sequence[Side], rounds: int, measure_one: Callable[[Work], Awaitable[Round]]
) -> None:
    with report.progress() as bar:
        task = bar.add_task("Measuring", total=rounds * len(sides))
        for _ in range(rounds):
            for side in sides:
                await side.begin()
                side.rounds.append(await measure_one(side.work))
                bar.advance(task)


def p50_ms(one: Round) -> float:
    return one.measured.p50_ms


def cpu_ms(one: Round) -> float:
    return one.cpu_ms


def p95_ms(one: Round) -> float:
    return one.measured.p95_ms


def per_s(one: Round) -> float:
    return one.measured.per_s


def calls(one: Round) -> float:
    return one.calls
