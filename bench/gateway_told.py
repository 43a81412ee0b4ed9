"""A dashboard through the gateway as it is told: beside its upstream calls, and its own CPU."""

from statistics import median

from bench import report
from bench.flame import Flames
from bench.gateway_measured import BARE, COLD, WARM, Measured
from bench.host import cores, where
from bench.lone_gateway import COURSES
from bench.sides import Side, p50_ms
from flags import names

COLUMNS = ["", "p50 ms", "p95 ms", "of bare", "CPU ms", "less bare's, ms", "upstream calls"]
TOLD = {names.Side.LEGACY: "old side", names.Side.SERVICE: "new side"}


def tell(measured: Measured) -> None:
    rows: list[list[object]] = []
    for side, ways in measured.sides.items():
        bare = ways[BARE]
        for way in ways.values():
            own = None if way is bare else own_ms(way, bare)
            rows.append(
                [
                    f"{TOLD[side]}: {way.name}",
                    way.measured.p50_ms,
                    way.measured.p95_ms,
                    way.times(bare, p50_ms),
                    way.cpu_ms,
                    own,
                    measured.calls[side],
                ]
            )
    report.show(f"A dashboard of {COURSES} courses, one at a time", COLUMNS, rows, notes(measured))


def own_ms(way: Side, bare: Side) -> float:
    """The gateway's CPU less what the same calls cost whoever makes them; median of pairs."""
    pairs = zip(way.rounds, bare.rounds, strict=True)
    return median(mine.cpu_ms - its.cpu_ms for mine, its in pairs)


def notes(measured: Measured) -> list[str]:
    new = measured.sides[names.Side.SERVICE]
    return [
        f"On the new side a page that is known costs {own_ms(new[WARM], new[BARE]):.2f} ms of CPU "
        f"beside its calls; one never seen takes {new[COLD].times(new[BARE], p50_ms):.2f}x as long "
        "as its calls alone.",
        where(measured.loads),
    ]


def flames(measured: Measured) -> Flames:
    return Flames("CPU of known dashboards on the new side, by function", measured.stacks)


def figures(measured: Measured) -> dict[str, object]:
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "sides": {
            side.value: {
                "calls": measured.calls[side],
                "pages": {
                    way.name: {
                        "p50_ms": round(way.measured.p50_ms, 2),
                        "of_bare": round(way.times(ways[BARE], p50_ms), 3),
                        "cpu_ms": round(way.cpu_ms, 3),
                    }
                    for way in ways.values()
                },
                "own_ms": {name: round(own_ms(ways[name], ways[BARE]), 3) for name in (WARM, COLD)},
            }
            for side, ways in measured.sides.items()
        },
    }
