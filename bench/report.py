"""Shows what a bench measured: a table for people and, when asked, one JSON line for programs."""

import json
from collections.abc import Mapping, Sequence

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

WIDTH_OF_A_FILE = 100

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object as the last line."
)


def progress() -> Progress:
    """Bars on standard error: what is measured stays alone on standard output."""
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    return Progress(*columns, console=Console(stderr=True))


def show(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    notes: Sequence[str] = (),
) -> None:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*[_told(value) for value in row])
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH_OF_A_FILE
    console.print(table)
    for note in notes:
        console.print(note, highlight=False)


def end(figures: Mapping[str, object], as_json: bool) -> None:
    """The last line: one JSON object."""
    if as_json:
        print(json.dumps(figures))


def _told(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
