"""`banyan schema`: prints the contract, and tells whether the printed one is out of date."""

import click

from services.kit.cli import OneCommand


@click.group(cls=OneCommand, offered_as="banyan.schema")
def schema() -> None:
    """The contract with clients."""


@schema.command(name="print")
def print_() -> None:
    """Print the contract as SDL."""
    from schema.contract import printed

    click.echo(printed(), nl=False)


def tell_whether_printed() -> None:
    """Raises ClickException when schema/schema.graphql is out of date."""
    from schema.contract import PRINTED, printed

    if not PRINTED.exists() or PRINTED.read_text() != printed():
        raise click.ClickException("schema/schema.graphql is out of date: run `make schema`.")
    click.echo("schema/schema.graphql says what the code says.")
