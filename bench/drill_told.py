"""A drill as it is told: a table for who looks on, and a report with its timeline to keep."""

from datetime import datetime
from pathlib import Path

from bench import report
from bench.drill_measured import ROLLED_BACK_WITHIN_S, Rehearsed
from services.contracts.status import Drill

COLUMNS = ["what happened", "s"]


def tell(drill: Rehearsed) -> None:
    rows = [[one.what, one.at_s] for one in drill.moments]
    report.show(f"A drill: {drill.capability.name} is rolled back", COLUMNS, rows, notes(drill))


def notes(drill: Rehearsed) -> list[str]:
    return [
        f"Rolled back after {_seconds(drill.rolled_back_s)} "
        f"({ROLLED_BACK_WITHIN_S:g} s may pass); all were back after {_seconds(drill.back_s)}.",
        f"Of {drill.acknowledged:,} acknowledged writes {drill.lost} are lost; {drill.sent_again} "
        "requests had to be sent again.",
        f"Attempts that were begun twice: {drill.doubled}; that changed sides: {drill.moved}.",
        "Passed." if drill.passed else "NOT passed.",
    ]


def figures(drill: Rehearsed) -> dict[str, object]:
    return {
        "capability": drill.capability.name,
        "rolled_back_s": drill.rolled_back_s,
        "back_s": drill.back_s,
        "acknowledged": drill.acknowledged,
        "sent_again": drill.sent_again,
        "losses": {"lost": drill.lost, "doubled": drill.doubled, "moved": drill.moved},
        "passed": drill.passed,
    }


def write(drill: Rehearsed, at: datetime, path: Path) -> None:
    """Raises an OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(_lines(drill, at)) + "\n")


def kept(drill: Rehearsed, at: datetime) -> Drill:
    """For the status page."""
    rolled_back = f"rolled back after {_seconds(drill.rolled_back_s)}"
    summary = f"{rolled_back}, {drill.lost} of {drill.acknowledged:,} writes lost"
    return Drill(drill.capability.name, at, drill.passed, summary)


def _lines(drill: Rehearsed, at: datetime) -> list[str]:
    return [
        f"# Drill of {at:%Y-%m-%d %H:%M} UTC: {drill.capability.name}",
        "",
        *[f"- {note}" for note in notes(drill)],
        "",
        "| s | what happened |",
        "|---:|---|",
        *[f"| {one.at_s:.1f} | {one.what} |" for one in drill.moments],
    ]


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f} s"
