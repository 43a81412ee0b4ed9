"""Herds as they are told: calls at the monolith, and how long callers waited."""

from bench import report
from bench.herd_measured import SOCKETS, Herd, Measured
from bench.herd_platform import DELAY_MS, FEW
from bench.host import cores, where
from bench.plot import Bar, Bars

COLUMNS = [
    "",
    "callers",
    "shared calls",
    "of one path",
    "own calls",
    "executed",
    "errors",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "p95 of 200 ms",
]


def tell(measured: Measured) -> None:
    herds = _herds(measured)
    report.show(
        "Herds that ask for one page", COLUMNS, [_row(one) for one in herds], notes(measured)
    )


def _herds(measured: Measured) -> list[Herd]:
    return [one for one in measured.herds if not one.name.startswith("(")]


def _row(herd: Herd) -> list[object]:
    return [
        herd.name,
        len(herd.took),
        herd.shared.total(),
        max(herd.shared.values(), default=0),
        herd.own,
        herd.executed,
        herd.errors.total(),
        herd.ms(50),
        herd.ms(95),
        herd.ms(99),
        herd.ms(95) / DELAY_MS,
    ]


def notes(measured: Measured) -> list[str]:
    return [
        f"Calls are those of the monolith's own log; each takes {DELAY_MS:.0f} ms or more. The "
        f"shared page is asked for by {FEW} learners, at most {SOCKETS} requests at once from one "
        "process that shares the cores.",
        *(f"{one.name}: {code} {many} times" for one, code, many in _errors(measured)),
        where(measured.loads),
    ]


def _errors(measured: Measured) -> list[tuple[Herd, str, int]]:
    return [(one, code, many) for one in _herds(measured) for code, many in one.errors.items()]


def bars(measured: Measured) -> Bars:
    return Bars(
        "A herd's p95 in ms, by what it finds",
        [Bar(one.name, one.ms(95)) for one in _herds(measured)],
    )


def figures(measured: Measured) -> dict[str, object]:
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "herds": {
            one.name: {
                "callers": len(one.took),
                "shared": one.shared.total(),
                "own": one.own,
                "executed": one.executed,
                "errors": dict(one.errors),
                "p95_ms": round(one.ms(95), 1),
            }
            for one in _herds(measured)
        },
    }
