"""Shows an import on the terminal: how far it is, and in the end what it did."""

from collections.abc import Iterable, Sized
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from legacy.monolith.oulad.data import Track
from legacy.monolith.oulad.load import Imported
from legacy.monolith.oulad.store import Counted

T = TypeVar("T")
MOST_ROWS_SHOWN = 10


def progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console)


def track_on(bar: Progress) -> Track:
    def track(rows: Iterable[T], what: str) -> Iterable[T]:
        task = bar.add_task(what, total=len(rows) if isinstance(rows, Sized) else None)
        yield from bar.track(rows, task_id=task, total=bar.tasks[task].total)
        bar.update(task, total=bar.tasks[task].completed)

    return track


def show(imported: Imported, console: Console) -> None:
    console.print(_table(imported))
    rows = imported.refusals.malformed_rows
    for row in rows[:MOST_ROWS_SHOWN]:
        console.print(f"malformed: {row}", highlight=False, markup=False)
    if len(rows) > MOST_ROWS_SHOWN:
        console.print(f"… and {len(rows) - MOST_ROWS_SHOWN:,} malformed rows more")


def _table(imported: Imported) -> Table:
    table = Table("Open University (OULAD)", title_justify="left")
    for title in ("in the files", "new"):
        table.add_column(title, justify="right")
    for what, counted in imported.counts.items():
        table.add_row(what, f"{counted.given:,}", new(counted))
    for reason, count in sorted(imported.refusals.counts.items()):
        table.add_row(f"refused: {reason}", f"{count:,}", "")
    table.add_section()
    table.add_row("enrolled learners between 0 and 1 of progress", f"{imported.in_progress:,}", "")
    return table


def new(counted: Counted) -> str:
    """How many were new; the rest was there."""
    there = counted.given - counted.new
    if there == 0:
        return f"{counted.new:,}"
    return f"{counted.new:,}, {there:,} already there" if counted.new else "already there"
