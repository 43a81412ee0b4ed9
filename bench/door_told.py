"""The door's costs as they are told: stage by stage, and beside the bare servers."""

import statistics
from collections.abc import Sequence

from bench import report
from bench.door_measured import Measured
from bench.door_server import GATEWAY
from bench.door_stages import ALL, EXECUTE, Stage
from bench.host import cores, where
from bench.servers_told import SERVERS, server_row
from bench.sides import Side, cpu_ms

STAGES = ["stage", "median CPU µs", "p99 CPU µs", "of bare uvicorn"]


def tell(measured: Measured) -> None:
    bare_us = _bare_us(measured)
    rows = [
        [_name(stage), _median(stage), _p99(stage), _median(stage) / bare_us]
        for stage in measured.stages
    ]
    report.show("The stages of one request in the door", STAGES, rows, _stages_notes(measured))
    for many, sides in measured.sides.items():
        told = [server_row(_TOLD.get(one.name, one.name), one, sides[0]) for one in sides]
        report.show(f"The same {measured.answer_bytes} bytes, {many} at once", SERVERS, told)
    for note in (
        "The page: a learner's ten courses with their progress, out of memory; token and document "
        "are known. Client and server share the cores.",
        where(measured.loads),
    ):
        print(note)


def _stages_notes(measured: Measured) -> list[str]:
    return [
        f"A whole request costs bare uvicorn {_bare_us(measured):.0f} µs of CPU: the last column "
        "is how many of those a stage costs. `all` is the door's function, request to response.",
        f"All that the door does beside executing costs {_own_us(measured):.0f} µs.",
    ]


_TOLD = {GATEWAY: "the door", "uvicorn": "bare uvicorn", "starlette": "bare Starlette"}


def figures(measured: Measured) -> dict[str, object]:
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "answer_bytes": measured.answer_bytes,
        "stages_us": {
            _name(stage): {"median": round(_median(stage), 2), "p99": round(_p99(stage), 2)}
            for stage in measured.stages
        },
        "door_us": round(_own_us(measured), 1),
        "servers": {str(many): _servers(sides) for many, sides in measured.sides.items()},
    }


def _servers(sides: Sequence[Side]) -> dict[str, object]:
    return {
        side.name: {
            "per_s": round(side.measured.per_s, 1),
            "p50_ms": round(side.measured.p50_ms, 3),
            "p99_ms": round(side.measured.p99_ms, 3),
            "cpu_us": round(side.cpu_ms * 1e3, 1),
            "cpu_to_uvicorn": round(side.times(sides[0], cpu_ms), 2),
        }
        for side in sides
    }


def _own_us(measured: Measured) -> float:
    """Of all but what the operation itself asks for; ids, times, traces and tokens are in it."""
    took = {stage.name: _median(stage) for stage in measured.stages}
    return took[ALL] - took[EXECUTE]


def _bare_us(measured: Measured) -> float:
    """With the most at once: the most steady."""
    return measured.sides[max(measured.sides)][0].cpu_ms * 1e3


def _name(stage: Stage) -> str:
    return f"{stage.name}, {stage.when}" if stage.when else stage.name


def _median(stage: Stage) -> float:
    return statistics.median(stage.took_ns) / 1e3


def _p99(stage: Stage) -> float:
    return statistics.quantiles(stage.took_ns, n=100, method="inclusive")[98] / 1e3
