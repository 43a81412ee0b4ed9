"""`banyan schema check`: whom a change of the contract would break."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.usage.cli import ONE_OF_DAYS, days_told, known_of, since_told
from schema.cli import tell_whether_printed

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from gateway.usage.reading import Known
    from gateway.usage.verdict import Verdict

CONTRACT = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("old", type=CONTRACT, required=False)
@click.argument("new", type=CONTRACT, required=False)
@ONE_OF_DAYS
@click.option("--strict", is_flag=True, help="Fail too when it is not known who uses what.")
def check(old: Path | None, new: Path | None, days: int, strict: bool) -> None:
    """Fail when changing the contract OLD to NEW breaks a client.

    Both are files in SDL. Without them: fail when schema/schema.graphql is not what the code says.
    """
    from gateway.usage.verdict import verdict

    if old is None:
        tell_whether_printed()
        return
    if new is None:
        raise click.UsageError("Name the contract as it is to be too.")
    before, after = _contract(old), _contract(new)
    known, why = _known(days)
    judged = verdict(before, after, known)
    for line in judged.lines():
        click.echo(line)
    _tell_known(known, why, days)
    _end(judged, strict)


def _end(judged: "Verdict", strict: bool) -> None:
    if judged.broken:
        how_many = "1 change breaks" if judged.broken == 1 else f"{judged.broken} changes break"
        raise click.ClickException(f"{how_many} somebody.")
    if strict and judged.is_unknown:
        raise click.ClickException("It is not known whom the breaking changes break.")


def _known(days: int) -> tuple["Known | None", str]:
    """With why it is not known."""
    try:
        known = known_of(days)
    except click.ClickException as away:
        return None, away.message
    return (known, "") if known.uses else (None, "Nothing was counted.")


def _tell_known(known: "Known | None", why: str, days: int) -> None:
    if known is None or known.since is None:
        click.echo(f"Who uses what is not known. {why}")
    else:
        click.echo(f"Judged by the last {days_told(days)}; {since_told(known.since)}")


def _contract(path: Path) -> "GraphQLSchema":
    from graphql import GraphQLError, build_schema

    try:
        return build_schema(path.read_text())
    except (GraphQLError, TypeError, ValueError, OSError) as wrong:
        raise click.ClickException(f"{path} is no contract in SDL: {wrong}") from wrong
