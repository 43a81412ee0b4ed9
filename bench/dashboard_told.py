"""A dashboard on both sides as it is told: rows, ratios in sentences, figures for programs."""

from dataclasses import dataclass

from bench import report
from bench.sides import Side, calls, cpu_ms, p50_ms, p95_ms, per_s

COURSES = 20
COLUMNS = ["", "pages/s", "p50 ms", "p95 ms", "upstream calls", "gateway CPU ms"]
SAME = f"Both sides gave the same page of {COURSES} courses before they were measured."
RATIOS = {"per_s": per_s, "p50": p50_ms, "p95": p95_ms, "calls": calls, "cpu": cpu_ms}


@dataclass(frozen=True, slots=True)
class Sides:
    """The page of all courses on the old side and on the new; `bare` and `single` are old."""

    old: Side
    bare: Side
    single: Side
    new: Side

    def all(self) -> tuple[Side, Side, Side, Side]:
        return self.old, self.bare, self.single, self.new

    @property
    def are_apart(self) -> bool:
        """No page of one side asked anything of the other."""
        strays = [one.new_calls for side in (self.old, self.single) for one in side.rounds]
        return not any([*strays, *(one.old_calls for one in self.new.rounds)])

    @property
    def calls_a_course(self) -> float:
        """What each course beyond the first adds, since there are no batches."""
        return (self.old.calls - self.single.calls) / (COURSES - 1)

    @property
    def ms_a_course(self) -> float:
        return (self.old.measured.p50_ms - self.single.measured.p50_ms) / (COURSES - 1)

    @property
    def new_to_old(self) -> dict[str, float]:
        return {name: self.new.times(self.old, figure) for name, figure in RATIOS.items()}


def tell(sides: Sides, callers: int) -> None:
    rows = [
        [
            side.name,
            side.measured.per_s,
            side.measured.p50_ms,
            side.measured.p95_ms,
            round(side.calls),
            None if side is sides.bare else side.cpu_ms,
        ]
        for side in sides.all()
    ]
    ratios = [sides.new_to_old[name] for name in RATIOS]
    rows.append(["new / old, median of pairs", *ratios])
    report.show(f"A dashboard for {callers} callers at once", COLUMNS, rows, notes(sides))


def notes(sides: Sides) -> list[str]:
    beside_bare = sides.old.times(sides.bare, p50_ms)
    beside_single = sides.old.times(sides.single, p50_ms)
    return [
        SAME,
        f"On the old side a page takes {beside_bare:.2f}x as long as its bare calls, and "
        f"{beside_single:.1f}x as long as the page of one course: without batches each further "
        f"course costs {sides.calls_a_course:.1f} calls and {sides.ms_a_course:.1f} ms.",
        f"On the new side {sides.new.calls:.0f} calls do for all courses, where the old side "
        f"needs {sides.single.calls:.0f} for one and {sides.old.calls:.0f} for {COURSES}.",
    ]


def figures(sides: Sides, callers: int) -> dict[str, object]:
    return {
        "callers": callers,
        "courses": COURSES,
        "old": _figures(sides.old),
        "old_gateway_cpu_ms": round(sides.old.cpu_ms, 2),
        "bare": _figures(sides.bare),
        "one_course": _figures(sides.single),
        "one_course_gateway_cpu_ms": round(sides.single.cpu_ms, 2),
        "new": _figures(sides.new),
        "new_gateway_cpu_ms": round(sides.new.cpu_ms, 2),
        "old_to_bare": round(sides.old.times(sides.bare, p50_ms), 3),
        "old_to_one_course": round(sides.old.times(sides.single, p50_ms), 3),
        "new_to_old": {name: round(ratio, 4) for name, ratio in sides.new_to_old.items()},
        "calls_a_course": round(sides.calls_a_course, 2),
        "ms_a_course": round(sides.ms_a_course, 2),
    }


def _figures(side: Side) -> dict[str, float]:
    return {
        "per_s": round(side.measured.per_s, 2),
        "p50_ms": round(side.measured.p50_ms, 2),
        "p95_ms": round(side.measured.p95_ms, 2),
        "calls": round(side.calls, 1),
    }
