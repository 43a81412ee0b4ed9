"""Shows a report on the terminal."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from services.assessment.replay.report import Report


def show(report: Report, out: Path, console: Console) -> None:
    console.print(_table(report))
    if report.agrees:
        console.print("Every difference is explained.", style="green")
    else:
        console.print(f"{report.unexplained:,} are unexplained.", style="bold red")
    console.print(f"{out / 'report.html'}", highlight=False, soft_wrap=True)


def _table(report: Report) -> Table:
    title = f"{report.attempts:,} attempts, {report.responses:,} responses: {report.archive}"
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for what in ("attempts", "results"):
        table.add_column(what, justify="right")
    for name in {**report.classes, **report.results}:
        counts = (report.classes.get(name, 0), report.results.get(name, 0))
        table.add_row(name, *(f"{count:,}" for count in counts))
        for reason, count in report.reasons.get(name, {}).items():
            is_result = reason.startswith("result")
            cells = ("", f"{count:,}") if is_result else (f"{count:,}", "")
            table.add_row(f"  {reason}", *cells, style="dim")
    return table
