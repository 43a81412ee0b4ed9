"""What comparing costs, as it is told: latencies with and without it, and their ratio by pairs."""

from statistics import median

from bench import report
from bench.host import cores, where
from bench.shadow_measured import COURSES, Measured, Turns

COLUMNS = ["", "pages", "p50 ms", "p99 ms", "gateway CPU ms", "p50, of off", "p99, of off"]


def tell(measured: Measured) -> None:
    rows = [_row("off", measured.off, measured.off), _row("on", measured.on, measured.off)]
    report.show(
        "Answered by the monolith, compared with the service", COLUMNS, rows, notes(measured)
    )


def notes(measured: Measured) -> list[str]:
    turns = len(measured.off.took)
    return [
        f"A page of {COURSES} courses, {measured.rate:g} a second; {turns} turns of "
        f"{measured.seconds:g} s each, in turn; medians of turns, ratios of pairs.",
        f"{measured.compared:,} answers were compared, {measured.differing:,} differed.",
        where(measured.loads),
    ]


def figures(measured: Measured) -> dict[str, object]:
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "compared": measured.compared,
        "differing": measured.differing,
        "off": _figures(measured.off),
        "on": _figures(measured.on),
        "p50_to_off": round(measured.on.times(measured.off, 50), 3),
        "p99_to_off": round(measured.on.times(measured.off, 99), 3),
    }


def _row(name: str, turns: Turns, off: Turns) -> list[object]:
    return [
        name,
        sum(map(len, turns.took)),
        median(turns.ms(50)),
        median(turns.ms(99)),
        median(turns.cpu_ms),
        turns.times(off, 50),
        turns.times(off, 99),
    ]


def _figures(turns: Turns) -> dict[str, object]:
    return {
        "pages": sum(map(len, turns.took)),
        "p50_ms": round(median(turns.ms(50)), 2),
        "p99_ms": round(median(turns.ms(99)), 2),
        "gateway_cpu_ms": round(median(turns.cpu_ms), 3),
    }
