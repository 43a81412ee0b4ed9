"""Measures work that is repeated by a few callers, each beginning anew when it is answered."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Rate a second; latencies in milliseconds."""

    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    count: int


async def measure(work: Work, callers: int, seconds: float) -> Measured:
    """A closed loop: what it tells of latency holds for `callers` at once and no more."""
    took: list[float] = []
    ends = time.monotonic() + seconds

    async def call() -> None:
        while (began := time.monotonic()) < ends:
            await work()
            took.append(time.monotonic() - began)

    began = time.monotonic()
    await asyncio.gather(*(call() for _ in range(callers)))
    elapsed = time.monotonic() - began
    p50_ms, p95_ms, p99_ms = (_ms(took, percent) for percent in (50, 95, 99))
    return Measured(len(took) / elapsed, p50_ms, p95_ms, p99_ms, len(took))


def _ms(took: list[float], percent: int) -> float:
    if len(took) == 1:
        return took[0] * 1000
    return statistics.quantiles(took, n=100, method="inclusive")[percent - 1] * 1000


def median(runs: Sequence[Measured]) -> Measured:
    """The middle of each figure over several runs."""
    return Measured(
        statistics.median(run.per_s for run in runs),
        statistics.median(run.p50_ms for run in runs),
        statistics.median(run.p95_ms for run in runs),
        statistics.median(run.p99_ms for run in runs),
        sum(run.count for run in runs),
    )
