"""Fairness as it is told: what ordinary classes felt, three times, and what the herd got."""

from bench import report
from bench.fair_measured import CAPACITY, Felt, Measured, Time
from bench.host import cores, where
from bench.writers import percentile_ms

COLUMNS = ["", "asked", "answered %", "refused", "failed", "p50 ms", "p95 ms", "p95, of quiet"]
QUIET, FAIR, UNFAIR = "quiet", "herd, as it comes", "herd, no admission"


def tell(measured: Measured) -> None:
    rows = [
        _row(f"{name}: {who}", felt, measured.quiet.ordinary)
        for name, time in _times(measured).items()
        for who, felt in (("ordinary", time.ordinary), ("the herd", time.herd))
        if felt is not None
    ]
    title = f"Fifty classes, and one that asks {measured.times:g} times its share"
    report.show(title, COLUMNS, rows, notes(measured))


def notes(measured: Measured) -> list[str]:
    half = CAPACITY / 2
    return [
        f"The monolith gives {CAPACITY:.0f} of these queries a second: the ordinary ask for "
        f"{half:.0f}, the herd for {half * measured.times:.0f}, for {measured.seconds:g} s each.",
        "Percentiles are of what was answered. One gateway process; budgets as they come.",
        where(measured.loads),
    ]


def figures(measured: Measured) -> dict[str, object]:
    quiet = measured.quiet.ordinary
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "ordinary": {
            name: _figures(time.ordinary, quiet) for name, time in _times(measured).items()
        },
    }


def _times(measured: Measured) -> dict[str, Time]:
    return {QUIET: measured.quiet, FAIR: measured.fair, UNFAIR: measured.unfair}


def _row(name: str, felt: Felt, quiet: Felt) -> list[object]:
    percent = 100 * len(felt.took) / felt.sent
    told = [name, felt.sent, percent, felt.refused, felt.failed]
    if not felt.took:
        return [*told, None, None, None]
    return [
        *told,
        percentile_ms(felt.took, 50),
        percentile_ms(felt.took, 95),
        _times_p95(felt, quiet),
    ]


def _figures(felt: Felt, quiet: Felt) -> dict[str, object]:
    told: dict[str, object] = {
        "asked": felt.sent,
        "losses": {"refused": felt.refused, "failed": felt.failed},
    }
    if felt.took:
        p95_ms = percentile_ms(felt.took, 95)
        told |= {"p50_ms": round(percentile_ms(felt.took, 50), 2), "p95_ms": round(p95_ms, 2)}
        told["p95_to_quiet"] = round(_times_p95(felt, quiet), 3)
    return told


def _times_p95(felt: Felt, quiet: Felt) -> float:
    return percentile_ms(felt.took, 95) / percentile_ms(quiet.took, 95)
