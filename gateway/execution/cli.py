"""`banyan explain`: how an operation would be executed."""

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gateway.execution.explaining import Explained


@click.command()
@click.argument("query")
@click.option("--operation", help="Its name, where the document has several.")
@click.option("--variables", default="", help="As JSON: they decide @skip, @include and the cost.")
@click.option("--source", "with_source", is_flag=True, help="Print the Python that it becomes too.")
def explain(query: str, operation: str | None, variables: str, with_source: bool) -> None:
    """Tell how the gateway executes QUERY, a document or the file of one ("-": standard input).

    A line for each call of a source, below the call whose answers it needs; what stands on one line
    is asked for together. "of 3" counts the values of a thing that nobody else is asked for.
    """
    from gateway.execution.explaining import explained
    from gateway.operation.refusal import BadDocument

    try:
        told = explained(text_of(query), operation, _read(variables))
    except BadDocument as bad:
        raise click.ClickException("\n".join(map(str, bad.errors))) from bad
    for line in told.lines:
        click.echo(line)
    if with_source:
        _print_source(told)


def text_of(query: str) -> str:
    if "{" in query:
        return query
    try:
        with click.open_file(query) as file:
            return str(file.read())
    except (OSError, UnicodeDecodeError) as wrong:
        raise click.ClickException(f"{query} is no document and no file of one: {wrong}") from wrong


def _read(variables: str) -> dict[str, Any] | None:
    import msgspec

    if not variables:
        return None
    try:
        return msgspec.json.decode(variables, type=dict[str, Any])
    except msgspec.DecodeError as wrong:
        raise click.ClickException(f"--variables is no JSON object: {wrong}") from wrong


def _print_source(told: "Explained") -> None:
    if told.source is None:
        raise click.ClickException("There is no source: it is not compiled.")
    click.echo()
    click.echo(told.source)
