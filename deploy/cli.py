"""`banyan up`: the whole local system in one terminal."""

import asyncio
import os
from pathlib import Path

import click

from deploy.errors import CannotStart
from deploy.stack import Options
from deploy.supervisor import supervise
from services.kit.cli import settings_from_environ
from services.kit.redaction import Redaction
from services.storage.embedded import EmbeddedError

PROCFILE = Path(__file__).parents[1] / "Procfile"


@click.command()
@click.option("--empty", is_flag=True, help="Start without the sample's tenants.")
@click.option(
    "--procfile",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=PROCFILE,
    hidden=True,
)
@click.option("--ready-within", type=float, default=60.0, hidden=True)
def up(empty: bool, procfile: Path, ready_within: float) -> None:
    """Start the whole system and keep it running until Ctrl-C."""
    settings = settings_from_environ()
    try:
        asyncio.run(supervise(settings, Options(procfile, empty, ready_within)))
    except (CannotStart, EmbeddedError) as wrong:
        raise click.ClickException(Redaction(os.environ)(str(wrong))) from wrong
