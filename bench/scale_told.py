"""Sizes as they are told: rows of what a leaf costs, ratios, and lines over the size."""

from bench import report
from bench.host import cores, where
from bench.plot import Line, Lines
from bench.scale_measured import WORKERS, Measured, Size

OURS, CORE = "compiled", "graphql-core"
INSIDE = ["leaves", "compiled, µs", "a leaf", "graphql-core, µs", "a leaf", "ratio"]
DOOR = [
    "leaves",
    "1 worker, answers/s",
    "CPU µs a leaf",
    "times graphql-core",
    "2 workers, answers/s",
    "times 1",
]


def tell(measured: Measured) -> None:
    rows = [_inside(size) for size in measured.sizes]
    report.show("Inside the process: read, executed and encoded", INSIDE, rows)
    for executor, told in ((OURS, []), (CORE, notes(measured))):
        doors = [_door(size, executor) for size in measured.sizes]
        report.show(f"Through the door: {executor}", DOOR, doors, told)


def notes(measured: Measured) -> list[str]:
    return ["The workers and who asks are kept apart by nobody.", where(measured.loads)]


def _inside(size: Size) -> list[object]:
    ours, core = (size.inside[name].whole_us for name in (OURS, CORE))
    return [size.leaves, ours, ours / size.leaves, core, core / size.leaves, core / ours]


def _door(size: Size, executor: str) -> list[object]:
    one, two = (size.doors[executor, workers] for workers in WORKERS)
    times = one.per_s_of(size.doors[CORE, 1])
    return [size.leaves, one.per_s, one.us / size.leaves, times, two.per_s, two.per_s_of(one)]


def lines(measured: Measured) -> Lines:
    inside = [
        Line(
            f"{name}, inside",
            [(size.leaves, size.inside[name].whole_us / size.leaves) for size in measured.sizes],
        )
        for name in (OURS, CORE)
    ]
    doors = [
        Line(
            f"{name}, through the door",
            [(size.leaves, size.doors[name, 1].us / size.leaves) for size in measured.sizes],
        )
        for name in (OURS, CORE)
    ]
    title = "CPU µs of a leaf, by the leaves of an answer"
    return Lines(title, "leaves of an answer", [*inside, *doors])


def figures(measured: Measured) -> dict[str, object]:
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "sizes": {str(size.leaves): _figures(size) for size in measured.sizes},
    }


def _figures(size: Size) -> dict[str, object]:
    inside = {name: round(one.whole_us, 1) for name, one in size.inside.items()}
    doors = {
        f"{name}, {workers}": {"per_s": round(one.per_s, 1), "us": round(one.us, 1)}
        for (name, workers), one in size.doors.items()
    }
    return {"inside_us": inside, "doors": doors}
