"""`banyan import`: brings real data into the monolith."""

import asyncio
import os
from pathlib import Path

import asyncpg
import click
from rich.console import Console

from legacy.monolith.demo import remember
from legacy.monolith.oulad import tables
from legacy.monolith.oulad.files import BadFile
from legacy.monolith.oulad.load import Imported, load
from legacy.monolith.oulad.report import progress, show, track_on
from legacy.monolith.settings import BadSetting, database_url, home


@click.group("import")
def import_() -> None:
    """Bring real data into the monolith."""


@import_.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def oulad(folder: Path) -> None:
    """Load the Open University's data (OULAD) from DIR into tenant `oulad`.

    What is there already is left alone, so it may be run again.
    """
    console = Console()
    try:
        imported = _imported(database_url(os.environ), folder, console)
    except (BadFile, BadSetting) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except asyncpg.UndefinedTableError as early:
        raise click.ClickException(
            "The monolith's database has no tables yet: `python -m legacy.monolith.migrate`."
        ) from early
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as failed:
        raise click.ClickException(f"The monolith's database failed: {failed}") from failed
    show(imported, console)


def _imported(url: str, folder: Path, console: Console) -> Imported:
    with progress(console) as bar:
        imported = asyncio.run(load(url, folder, track_on(bar)))
    if imported.demo_learner is not None:
        remember(home(os.environ), {tables.TENANT: tables.demo(imported.demo_learner)})
    return imported
