"""Learners at their sockets as they are told: how long they wait, what it costs, what is lost."""

from collections import Counter
from collections.abc import Iterable
from statistics import mean

from bench import report
from bench.host import BENCH, OTHERS, cores, where
from bench.learners_found import Run, percentile
from bench.learners_measured import Measured
from bench.memory import Memory
from bench.plot import Bar, Bars
from bench.writers import percentile_ms

PERCENTS = (50, 95, 99)
WAITS = ["", "of them", *(f"p{percent} ms" for percent in PERCENTS), "last ms"]
COSTS = ["", "opening, ms a socket", "nobody acts, % of a core", "acting, %", "ms an interaction"]
MEMORY = ["gateway's process", "sockets", "RSS MB", "PSS MB", "KB a socket"]
OWN = "each their own event"
ANSWER = "each that their mutation is taken"
HANDS = "each that their hand is taken"
COMMITTED = "all the same event, from its commit"
FIRST = "the same, from the first who hears it"


def tell(measured: Measured) -> None:
    for run in measured.runs:
        asked = run.asked
        title = f"{run.learners:,} learners at sockets, each acting every {asked.pace_s:g} s"
        report.show(title, WAITS, _waits(run), notes(run))
        report.show("What it costs", COSTS, _costs(run))
        report.show("Memory, kernel's own aside", MEMORY, _memory(run))
    files = f"A process may have {measured.files:,} files open here."
    report.show("", [files], [[where(measured.loads)]])


def notes(run: Run) -> list[str]:
    judged, asked = run.judged, run.asked
    opened_s = max(one.seconds for one in run.opened)
    return [
        f"{run.learners:,} of {asked.learners:,} sockets were opened in {opened_s:.0f} s, which "
        f"{_listed(run.tries, 'nothing')} hindered at first; the services knew all after "
        f"{run.known_s:.0f} s.",
        f"Lost: {judged.lost}, doubled: {judged.doubled}, told again: {judged.repeated}, left out: "
        f"{judged.skipped}, who did not hear what all are told: {judged.unheard}.",
        f"Refused: {_listed(run.refused)}; sent again: {_listed(run.again)}; sockets closed: "
        f"{_listed(run.closed)}; subscriptions that ended, and were begun anew: "
        f"{_of_all(run, 'anew')}.",
        f"Acts left out, since the one before was under way: {_of_all(run, 'busy')}; never taken: "
        f"{sum(len(one.unanswered) for one in run.found)}.",
        "An interaction is from a mutation until one's own event has come, over the one socket.",
    ]


def _of_all(run: Run, what: str) -> int:
    return sum(int(getattr(one, what)) for one in run.found)


def _listed(counts: Counter[str], none: str = "none") -> str:
    return ", ".join(f"{name} {many:,}" for name, many in counts.most_common()) or none


def _waits(run: Run) -> list[list[object]]:
    return [[name, row["many"], *_ms(row), row["last"]] for name, row in _of(run).items()]


def _ms(row: dict[str, float]) -> Iterable[float]:
    return (row[f"p{percent}"] for percent in PERCENTS)


def _of(run: Run) -> dict[str, dict[str, float]]:
    told = {OWN: _seconds(run.took), ANSWER: _seconds(run.answered)}
    if run.hands:
        told[HANDS] = _seconds(run.hands)
    if run.heroes:
        told[COMMITTED] = _counted([hero.waits() for hero in run.heroes])
        told[FIRST] = _counted([hero.spread() for hero in run.heroes])
    return told


def _seconds(took: list[float]) -> dict[str, float]:
    if not took:
        return {"many": 0, **{f"p{percent}": 0.0 for percent in PERCENTS}, "last": 0.0}
    waited = {f"p{percent}": percentile_ms(took, percent) for percent in PERCENTS}
    return {"many": len(took), **waited, "last": max(took) * 1000}


def _counted(waits: list[Counter[int]]) -> dict[str, float]:
    """Of the events, `last` is the median of when the last one heard it."""
    every = sum(waits, Counter[int]())
    last = Counter(max(one, default=0) for one in waits)
    waited = {f"p{percent}": float(percentile(every, percent)) for percent in PERCENTS}
    return {"many": every.total(), **waited, "last": float(percentile(last, 50))}


def _costs(run: Run) -> list[list[object]]:
    rows: list[list[object]] = []
    for part in run.acting.cpu_s:
        acting, idle = run.acting.cores(part), run.idle.cores(part)
        each_ms = run.acting.cpu_s[part] - idle * run.acting.seconds
        socket_ms = run.opening.cpu_s[part] / max(1, run.learners) * 1000
        more = each_ms / max(1, len(run.took)) * 1000
        name = "learners" if part == BENCH else part
        costs = [socket_ms, idle * 100, acting * 100, None if part == OTHERS else more]
        rows.append([name, *costs])
    return rows


def _memory(run: Run) -> list[list[object]]:
    rows: list[list[object]] = []
    for nth, (before, after) in enumerate(run.memory, 1):
        sockets = after.files - before.files
        pss = None if after.pss is None else after.pss / 2**20
        rows.append([str(nth), sockets, after.rss / 2**20, pss, _kb(before, after)])
    return rows


def _kb(before: Memory, after: Memory) -> float:
    """Of a socket."""
    return (after.own - before.own) / max(1, after.files - before.files) / 1024


def bars(measured: Measured) -> Bars:
    run = measured.runs[0]
    told = _of(run)
    shown = [
        Bar(f"{what}, p{percent}", told[name][f"p{percent}"])
        for what, name in (("interaction", OWN), ("event to all", COMMITTED))
        if name in told
        for percent in PERCENTS
        if told[name][f"p{percent}"] > 0
    ]
    return Bars(f"Milliseconds of waiting, {run.learners:,} learners at sockets", shown)


def figures(measured: Measured) -> dict[str, object]:
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "files": measured.files,
        "runs": {f"{nth}": _figures(run) for nth, run in enumerate(measured.runs, 1)},
        "losses": _losses(measured),
    }


def _losses(measured: Measured) -> dict[str, int]:
    judged = [run.judged for run in measured.runs]
    return {
        "lost": sum(one.lost for one in judged),
        "doubled": sum(one.doubled for one in judged),
        "repeated": sum(one.repeated for one in judged),
        "skipped": sum(one.skipped for one in judged),
        "unheard": sum(one.unheard for one in judged),
    }


def _figures(run: Run) -> dict[str, object]:
    told = {OWN: "own", ANSWER: "answer", HANDS: "hand", COMMITTED: "to_all", FIRST: "spread"}
    waits = {
        told[name]: {one: round(value, 1) for one, value in row.items()}
        for name, row in _of(run).items()
    }
    return {
        "learners": run.learners,
        "interactions": len(run.took),
        "waits": waits,
        "refused": run.refused.total(),
        "again": run.again.total(),
        "cpu": {
            part: {
                "opening_ms": round(run.opening.cpu_s[part] / max(1, run.learners) * 1000, 3),
                "idle_cores": round(run.idle.cores(part), 4),
                "acting_cores": round(run.acting.cores(part), 4),
            }
            for part in run.acting.cpu_s
        },
        "kb_a_socket": round(mean(_kb(before, after) for before, after in run.memory), 1),
    }
