"""`banyan projections rebuild APP`: makes a projection anew while it serves."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.backfill.snapshot import Snapshot
from services.backfill.target import Target, offered, target
from services.events.feed_client import FeedClient
from services.kit.cli import settings_beside
from services.kit.settings import Settings, url_of
from services.kit.signing import Signer
from services.projections.app import plainly
from services.projections.difference import Difference
from services.projections.rebuild import CannotRebuild, Rebuild, begin
from services.storage import db
from services.storage.address import database_url

FEEDER = "feeder"
COMMAND_S = 300.0


@click.command()
@click.argument("app", type=click.Choice(offered()))
def rebuild(app: str) -> None:
    """Make the projection of APP anew; readers see the old one, then the new one, never half."""
    settings = settings_beside()
    console = Console()
    with plainly():
        try:
            console.print(_table(asyncio.run(_rebuild(target(app), settings, console))))
        except CannotRebuild as wrong:
            raise click.ClickException(str(wrong)) from wrong


async def _rebuild(wanted: Target, settings: Settings, console: Console) -> Sequence[Difference]:
    feeder, signer = url_of(settings, FEEDER), Signer.of(settings, wanted.app)
    async with AsyncExitStack() as open_:
        connection = await db.connect(database_url(wanted.app, os.environ), COMMAND_S)
        open_.push_async_callback(connection.close)
        snapshot = await open_.enter_async_context(
            Snapshot(feeder, consumer=wanted.app, signer=signer)
        )
        feed = await open_.enter_async_context(FeedClient(feeder, None, signer))
        projection = await open_.enter_async_context(wanted.projection(os.environ))
        made, summary = await begin(connection, wanted, snapshot, feed, projection)
        bar = open_.enter_context(_progress(console))
        for kind in wanted.kinds:
            task = bar.add_task(f"{wanted.app} {kind}", total=summary.streams.get(kind, 0))
            await made.fill(kind, partial(bar.advance, task))
        return await _finish(made, bar)


async def _finish(made: Rebuild, bar: Progress) -> Sequence[Difference]:
    task = bar.add_task("since then", total=None)
    await made.catch_up(partial(bar.advance, task))
    found = await made.exchange()
    bar.update(task, total=bar.tasks[task].completed)
    return found


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


def _table(found: Sequence[Difference]) -> Table:
    table = Table()
    for head in ("table", "rows removed", "rows added or changed"):
        table.add_column(head, justify="left" if head == "table" else "right")
    for one in found:
        table.add_row(one.table, f"{one.removed:,}", f"{one.put:,}")
    return table
