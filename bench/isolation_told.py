"""Isolation as it is told: those who do not need the monolith, quiet and while it hangs."""

import statistics
from collections.abc import Sequence

from bench import report
from bench.host import cores, where
from bench.isolation_measured import NEW_RATE, OLD_RATE, Measured, Stretch
from bench.writers import percentile_ms

COLUMNS = ["", "asked", "answered %", "p50 ms", "p99 ms", "p99, of quiet", "needing it: answered %"]
QUIET, HUNG = "it answers", "it hangs"


def tell(measured: Measured) -> None:
    rows = [
        _row(name, stretches, 1.0 if name == QUIET else measured.times)
        for name, stretches in _sides(measured).items()
    ]
    report.show("Readers who do not need the monolith", COLUMNS, rows, notes(measured))


def notes(measured: Measured) -> list[str]:
    return [
        f"{NEW_RATE:g} queries a second that do not need it, {OLD_RATE:g} that do, for "
        f"{measured.seconds:g} s each, {len(measured.pairs)} times in turns; medians of rounds.",
        "One gateway process without a cache; an upstream call is given up after 4 s.",
        where(measured.loads),
    ]


def figures(measured: Measured) -> dict[str, object]:
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "others": {name: _figures(stretches) for name, stretches in _sides(measured).items()},
        "p99_to_quiet": round(measured.times, 3),
        "losses": {
            "failed": sum(one.others.failed for pair in measured.pairs for one in pair),
        },
    }


def _sides(measured: Measured) -> dict[str, list[Stretch]]:
    quiet, hung = zip(*measured.pairs, strict=True)
    return {QUIET: list(quiet), HUNG: list(hung)}


def _row(name: str, stretches: Sequence[Stretch], times: float) -> list[object]:
    told = _figures(stretches)
    asked = sum(one.others.sent for one in stretches)
    answered = sum(len(one.others.took) for one in stretches)
    needing = [len(one.needing.took) / one.needing.sent for one in stretches]
    percents = 100 * answered / asked, 100 * statistics.mean(needing)
    return [name, asked, percents[0], told["p50_ms"], told["p99_ms"], times, percents[1]]


def _figures(stretches: Sequence[Stretch]) -> dict[str, float]:
    return {
        f"p{percent}_ms": round(
            statistics.median(percentile_ms(one.others.took, percent) for one in stretches), 2
        )
        for percent in (50, 99)
    }
