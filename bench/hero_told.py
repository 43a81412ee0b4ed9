"""A class that opens at once, as it is told: who is in when, and what the others feel of it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bench import report
from bench.hero_measured import Measured
from bench.hero_others import KINDS
from bench.hero_school import OF_A_CLASS
from bench.host import cores, where
from bench.plot import Bar, Bars
from bench.writers import percentile_ms

PERCENTS = (50, 95, 99)
WAITS = ["s", "of them", *(f"p{percent}" for percent in PERCENTS), "last"]
OTHERS = ["ms", "quiet", "p50", "p95", "herd comes", "p50", "p95", "p95, of quiet"]
ASKED = ["a second", "quiet", "herd comes"]
MOST_SHOWN = 12
GOAL = 2.0
"""Times the quiet p95: what the others may feel."""


def tell(measured: Measured) -> None:
    sizes = measured.sizes
    report.show(f"{sizes.learners:,} come to one class", WAITS, _waits(measured), notes(measured))
    title = f"{sizes.ordinary} ordinary classes of {OF_A_CLASS}"
    report.show(title, OTHERS, [_other(measured, kind) for kind in KINDS], _felt(measured))
    rows = [*_asked(measured, "calls"), *_asked(measured, "commands")]
    report.show("What upstreams and Redis were asked", ASKED, rows, _costs(measured))


def _waits(measured: Measured) -> list[list[object]]:
    return [[name, *row] for name, row in _spans(measured).items()]


def _spans(measured: Measured) -> dict[str, list[float]]:
    entered = measured.herd.entered
    spans = {
        "until their ticket": [one.join_s for one in entered],
        "told to wait": [one.wait_s for one in entered],
        "from then until in": [one.after_s for one in entered],
        "all of it": [one.join_s + one.wait_s + one.after_s for one in entered],
    }
    return {name: [len(took), *seconds(took)] for name, took in spans.items()}


def seconds(took: Sequence[float]) -> list[float]:
    """Percentiles and the last; zeros of nothing."""
    if not took:
        return [0.0] * (len(PERCENTS) + 1)
    return [*(percentile_ms(took, percent) / 1000 for percent in PERCENTS), max(took)]


def notes(measured: Measured) -> list[str]:
    herd, sizes = measured.herd, measured.sizes
    return [
        f"They came within {sizes.within_s:g} s; after {herd.seconds:.1f} s {len(herd.entered):,} "
        f"of {sizes.learners:,} were in. More than {sizes.allowance_s:g} s behind the time they "
        f"were told: {herd.late(sizes.allowance_s):,}.",
        f"Tried again: {listed(herd.again)}; refused for good: {listed(herd.refused)}.",
        f"The class counts {measured.present:,} present, {measured.counted_s:.1f} s after the last "
        f"was in: {measured.absent:,} too few or too many.",
        where(measured.loads),
    ]


def _other(measured: Measured, kind: str) -> list[object]:
    quiet, joining = measured.quiet.felt, measured.joining.felt
    return [
        kind,
        *(len(quiet.took[kind]), quiet.ms(kind, 50), quiet.ms(kind, 95)),
        *(len(joining.took[kind]), joining.ms(kind, 50), joining.ms(kind, 95)),
        measured.times(kind),
    ]


def _felt(measured: Measured) -> list[str]:
    refused = measured.quiet.felt.refused + measured.joining.felt.refused
    return [
        f"Of the ordinary: refused {listed(refused)}, done and not told {_unheard(measured)}, sent "
        f"again {listed(measured.again)}. The goal is {GOAL:g} times the quiet p95 at most."
    ]


def _unheard(measured: Measured) -> int:
    return measured.quiet.felt.unheard + measured.joining.felt.unheard


def _asked(measured: Measured, what: str) -> Iterable[list[object]]:
    """The most frequent while the herd came."""
    quiet, joining = measured.quiet.asked, measured.joining.asked
    before: Counter[str] = getattr(quiet, what)
    meanwhile: Counter[str] = getattr(joining, what)
    for name, many in meanwhile.most_common(MOST_SHOWN):
        yield [name, before[name] / quiet.seconds, many / joining.seconds]


def _costs(measured: Measured) -> list[str]:
    calls, commands = _each(measured)
    return [
        f"For each who came: {calls:.1f} calls of upstreams and {commands:.1f} of Redis' commands, "
        "beyond what a quiet time as long has. Those in scripts are counted too."
    ]


def _each(measured: Measured) -> tuple[float, float]:
    calls, commands = measured.joining.asked.beyond(measured.quiet.asked)
    came = max(1, len(measured.herd.entered))
    return calls / came, commands / came


def listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {many:,}" for name, many in counts.most_common()) or "nothing"


def bars(measured: Measured) -> Bars:
    join = seconds([one.join_s for one in measured.herd.entered])
    shown = [
        Bar(f"join, p{percent}", took * 1000) for percent, took in zip(PERCENTS, join, strict=False)
    ]
    for kind in KINDS:
        shown.append(Bar(f"{kind}, quiet", measured.quiet.felt.ms(kind, 95)))
        shown.append(Bar(f"{kind}, herd", measured.joining.felt.ms(kind, 95)))
    title = f"Milliseconds as {measured.sizes.learners:,} come to one class; of the others p95"
    return Bars(title, [one for one in shown if one.value > 0])


def figures(measured: Measured) -> dict[str, object]:
    calls, commands = _each(measured)
    felt = measured.quiet.felt, measured.joining.felt
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "join": {
            "in": len(measured.herd.entered),
            "seconds": round(measured.herd.seconds, 2),
            "waits": {
                name: [round(one, 4) for one in row] for name, row in _spans(measured).items()
            },
            "again": measured.herd.again.total(),
        },
        "others": {
            kind: {
                "quiet_p95_ms": round(measured.quiet.felt.ms(kind, 95), 1),
                "p95_ms": round(measured.joining.felt.ms(kind, 95), 1),
                "times": round(measured.times(kind), 2),
            }
            for kind in KINDS
        },
        "each": {"calls": round(calls, 1), "commands": round(commands, 1)},
        "present": measured.present,
        "losses": {
            "late": measured.herd.late(measured.sizes.allowance_s),
            "refused": measured.herd.refused.total() + sum(one.refused.total() for one in felt),
            "absent": measured.absent,
            "unheard": _unheard(measured),
        },
    }
