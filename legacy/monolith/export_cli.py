"""`banyan legacy export`: the monolith's attempts as it scored them, for `banyan replay`."""

import asyncio
import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import asyncpg
import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from legacy.monolith.clock import SystemClock
from legacy.monolith.database import connect
from legacy.monolith.export.lines import Line
from legacy.monolith.export.write import Put, Track, Written, write
from legacy.monolith.settings import BadSetting, database_url


@click.group()
def legacy() -> None:
    """Look into the monolith."""


@legacy.command()
@click.option("--tenant", help="One tenant's alone; without it everybody's.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A new file; packed where its name ends with .gz.",
)
def export(tenant: str | None, out: Path) -> None:
    """Write all attempts with their scores, and the right answers, into one file.

    Only you can read it: it holds the keys of exams that are to come. `banyan replay` reads it.
    """
    if out.exists():
        raise click.ClickException(f"{out} is there already.")
    try:
        written = _export(database_url(os.environ), tenant, out)
    except BadSetting as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except asyncpg.UndefinedTableError as early:
        raise click.ClickException("The monolith's database has no tables yet.") from early
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as failed:
        raise click.ClickException(f"The archive could not be written: {failed}") from failed
    click.echo(
        f"{written.attempts:,} attempts at {written.assessments:,} assessments "
        f"in {written.versions:,} versions: {out}"
    )


def _export(url: str, tenant: str | None, out: Path) -> Written:
    with _new_file(out) as put, _progress() as bar:
        task = bar.add_task("attempts", total=None)

        def track(done: int, of: int, attempts: int) -> None:
            bar.update(task, completed=done, total=of, description=f"{attempts:,} attempts")

        return asyncio.run(_write(url, tenant, put, track))


async def _write(url: str, tenant: str | None, put: Put, track: Track) -> Written:
    db = await connect(url)
    try:
        return await write(db, tenant, SystemClock().now(), put, track)
    finally:
        await db.close()


@contextmanager
def _new_file(out: Path) -> Iterator[Put]:
    """It has its name when it is whole; nobody else may read it."""
    new = out.with_name(f"{out.name}.new")
    try:
        with _private(new) as file:
            if out.suffix == ".gz":
                with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=3) as packed:
                    yield _putting(packed)
            else:
                yield _putting(file)
        new.rename(out)
    finally:
        new.unlink(missing_ok=True)


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _putting(file: IO[bytes] | gzip.GzipFile) -> Put:
    def put(line: Line) -> None:
        file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")

    return put


def _progress() -> Progress:
    columns = (
        TextColumn("{task.description:>24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=Console(stderr=True))
