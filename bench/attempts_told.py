"""Attempts as they are told: rows, what was the limit in sentences, figures for programs."""

from dataclasses import asdict

from bench import report
from bench.attempts_measured import OLD, ONE, Measured
from bench.crowd import Crowd
from bench.host import cores
from bench.limit import SAID, Load
from bench.writers import COMMANDS, Way

PERCENTS = (50, 99)
WHAT_IT_TAKES = "What it takes: percent of all cores, and a second's commits and syncs of the log"
SHORT = {
    "gateway": "gate",
    "assessment": "serv",
    "monolith": "old",
    "postgres": "pg",
    "bench": "bench",
    "rest": "rest",
    "others": "others",
}


def tell(measured: Measured) -> None:
    _tell_commands(measured)
    _tell_loads(measured)
    _tell_rush(measured)


def _tell_commands(measured: Measured) -> None:
    columns = [f"{command} p{percent}" for command in COMMANDS for percent in PERCENTS]
    rows = [[_name(way), way.per_s, *_ms(way).values()] for way in measured.ways]
    report.show("Commands a second, and ms", ["writers", "per s", *columns], rows, notes(measured))


def _tell_loads(measured: Measured) -> None:
    rush = measured.rush
    rows = [_load_row(_name(way), way.load) for way in measured.ways]
    rows += [_load_row("rush: start", rush.start_load), _load_row("hand-in", rush.hand_in_load)]
    report.show(WHAT_IT_TAKES, ["", *SHORT.values(), "commits", "syncs", "limit"], rows)


def _load_row(name: str, load: Load) -> list[object]:
    shares = [round(load.shares[part] * 100) for part in SHORT]
    return [name, *shares, round(load.commits_per_s), round(load.syncs_per_s), load.limit]


def _tell_rush(measured: Measured) -> None:
    rush, lost = measured.rush, measured.rush.losses
    rows = [_crowd_row("start within 1 s", rush.start), _crowd_row("hand in", rush.hand_in)]
    columns = ["", "done", "until all, s", "p50 s", "p99 s", "sent again", "refused"]
    notes = [
        f"Attempts were made ahead in {rush.prepared_s:.1f} s. The last was handed in "
        f"{rush.after_end_s:.1f} s after the end.",
        f"Refused in time {lost.refused_in_time}, lost {lost.lost}, duplicates {lost.duplicates}.",
        *(f"Refused: {code} {times}x" for code, times in _refused(measured)),
    ]
    report.show("A rush on one exam", columns, rows, notes)


def _crowd_row(name: str, crowd: Crowd) -> list[object]:
    seconds = [crowd.ms(percent) / 1000 for percent in PERCENTS]
    return [name, len(crowd.took), crowd.all_s, *seconds, crowd.again, crowd.refused.total()]


def _refused(measured: Measured) -> list[tuple[str, int]]:
    return (measured.rush.start.refused + measured.rush.hand_in.refused).most_common()


def notes(measured: Measured) -> list[str]:
    durability = ", ".join(f"{name} {value}" for name, value in measured.durability.items())
    before, after = measured.loads
    again = sum(way.again for way in measured.ways)
    return [
        f"{durability}; {cores()} cores, load average {before:.1f} at the beginning, {after:.1f} "
        "at the end.",
        *(_scales(measured, place) for place in dict.fromkeys(way.place for way in measured.ways)),
        f"{_beside_old(measured):.1f}x the old side's commands, all writers in one course. "
        f"Sent again: {again}.",
    ]


def _scales(measured: Measured, place: str) -> str:
    """From one writer to where it gives the most."""
    ways = [way for way in measured.ways if way.place == place]
    best = max(ways, key=lambda way: way.per_s)
    return (
        f"{place}: {len(best.writers)} writers give {best.per_s / ways[0].per_s:.1f}x what one "
        f"gives; there {SAID[best.load.limit]} the limit."
    )


def _beside_old(measured: Measured) -> float:
    most = len(measured.ways[-1].writers)
    return measured.way(ONE, most).per_s / measured.way(OLD, most).per_s


def figures(measured: Measured) -> dict[str, object]:
    rush = measured.rush
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "durability": dict(measured.durability),
        "ways": {_name(way): _way(way) for way in measured.ways},
        "new_to_old": round(_beside_old(measured), 2),
        "prepared_s": round(rush.prepared_s, 2),
        "start": _crowd(rush.start, rush.start_load),
        "hand_in": _crowd(rush.hand_in, rush.hand_in_load),
        "losses": asdict(rush.losses),
    }


def _way(way: Way) -> dict[str, object]:
    took = {name: round(ms, 2) for name, ms in _ms(way).items()}
    return {"per_s": round(way.per_s, 2), "ms": took, **_load(way.load), "again": way.again}


def _crowd(crowd: Crowd, load: Load) -> dict[str, object]:
    took = {f"p{percent}_ms": round(crowd.ms(percent), 1) for percent in PERCENTS}
    return {
        "done": len(crowd.took),
        "all_s": round(crowd.all_s, 2),
        **took,
        **_load(load),
        "again": crowd.again,
    }


def _load(load: Load) -> dict[str, object]:
    return {
        "cpu": {part: round(share, 3) for part, share in load.shares.items()},
        "commits_per_s": round(load.commits_per_s, 1),
        "waits": {"disk": round(load.disk, 2), "lock": round(load.lock, 2)},
        "limit": load.limit,
    }


def _ms(way: Way) -> dict[str, float]:
    return {
        f"{command}_p{percent}": way.ms(command, percent)
        for command in COMMANDS
        for percent in PERCENTS
    }


def _name(way: Way) -> str:
    return f"{way.place}, {len(way.writers)}"
