"""Freshness as it is told: a row a rate and place, how it was measured, figures for programs."""

from bench import report
from bench.freshness_measured import Measured, Rate
from bench.host import cores
from bench.writers import percentile_ms

PERCENTS = (50, 95, 99)
COLUMNS = ["events a second, seen", "commits", *(f"p{percent} ms" for percent in PERCENTS)]


def tell(measured: Measured) -> None:
    rows = [
        [f"{rate.wanted:,.0f}, {where}", len(took), *_ms(took).values()]
        for rate in measured.rates
        for where, took in rate.took.items()
    ]
    report.show("From a commit at the old side until it is seen", COLUMNS, rows, notes(measured))


def notes(measured: Measured) -> list[str]:
    before, after = measured.loads
    return [
        *(_kept_up(rate) for rate in measured.rates),
        "Events beside are made in batches of the monolith's transactions: commands through the "
        "gateway make fewer a second (bench.attempts). Each commit measured is one of its own.",
        f"{cores()} cores, load average {before:.1f} at the beginning, {after:.1f} at the end.",
    ]


def _kept_up(rate: Rate) -> str:
    kept_up = "were made" if rate.made >= 0.9 * rate.wanted else "are all that were made"
    return f"Of {rate.wanted:,.0f} events a second {rate.made:,.0f} {kept_up}."


def figures(measured: Measured) -> dict[str, object]:
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "rates": {f"{rate.wanted:g}": _rate(rate) for rate in measured.rates},
    }


def _rate(rate: Rate) -> dict[str, object]:
    seen = {
        where: {"commits": len(took), **{name: round(ms, 2) for name, ms in _ms(took).items()}}
        for where, took in rate.took.items()
    }
    return {"made_per_s": round(rate.made, 1), "seen": seen}


def _ms(took: list[float]) -> dict[str, float]:
    return {f"p{percent}_ms": percentile_ms(took, percent) for percent in PERCENTS}
