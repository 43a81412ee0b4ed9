"""`banyan documents`: what becomes of a client's documents, before they are sent."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gateway.operation.document import Documents


@click.group()
def documents() -> None:
    """The documents that clients send."""


@documents.command()
@click.argument("manifest", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(manifest: Path) -> None:
    """Tell what each document of MANIFEST costs; fail when one would be refused."""
    from gateway.operation.document import Documents
    from gateway.operation.manifest import BadManifest, Manifest
    from gateway.operation.setup import rules_of
    from schema.contract import core_schema
    from services.kit.cli import settings_from_environ

    try:
        texts = Manifest.read(manifest).texts
    except BadManifest as bad:
        raise click.ClickException(str(bad)) from bad
    judge = Documents(core_schema(), rules_of(settings_from_environ()))
    sound = [_is_sound(judge, id_, text) for id_, text in texts.items()]
    if not all(sound):
        raise click.ClickException(f"{sound.count(False)} of {len(sound)} would be refused.")


def _is_sound(judge: "Documents", id_: str, text: str) -> bool:
    """With lists as long as they are where the variables do not say."""
    from gateway.operation.refusal import BadDocument

    try:
        operations = judge.read(text).operations
    except BadDocument as bad:
        click.echo(f"{id_}\t{bad.code}\t{bad}")
        return False
    for name, operation in operations.items():
        cost = operation.cost.of({}) if operation.cost else 0.0
        click.echo(f"{id_}\t{name or ''}\tcosts {cost:g}")
    return True
