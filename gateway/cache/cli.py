"""`banyan cache`: what the gateway may keep."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gateway.cache.explaining import Explained


@click.group()
def cache() -> None:
    """What is kept of answers, and for whom."""


@cache.command()
@click.argument("query")
@click.option("--operation", help="Its name, where the document has several.")
def explain(query: str, operation: str | None) -> None:
    """Tell how long QUERY's answer may be kept, who may share it, and what decided that.

    QUERY is a document or the file of one ("-": standard input). Below stand the guards that
    whoever is answered from the cache has to pass all the same.
    """
    from gateway.cache.explaining import explained
    from gateway.execution.cli import text_of
    from gateway.operation.refusal import BadDocument

    try:
        told = explained(text_of(query), operation)
    except BadDocument as bad:
        raise click.ClickException("\n".join(map(str, bad.errors))) from bad
    _print(told)


def _print(told: "Explained") -> None:
    for line in told.head:
        click.echo(line)
    said = [(one.path, one.at, one.said, one.why, one.decides) for one in told.decided]
    _table(["where", "of the contract", "says", "why", "decides"], said)
    _table(["root", "with all below it"], told.roots)
    _table(["a hit is judged at", "by"], [(one.at, one.guards) for one in told.judged])


def _table(heads: list[str], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from services.kit.cli import console

    if not rows:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(head)
    for row in rows:
        # A client's words are no markup.
        table.add_row(*map(Text, row))
    click.echo()
    console().print(table)
