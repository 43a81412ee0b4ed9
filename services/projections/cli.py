"""`banyan projections`: what waits, what is tried again or skipped, and making one anew."""

import asyncio
import getpass
from collections.abc import Iterable

import click
from rich.table import Table

from services.backfill.target import offered
from services.events.news import News
from services.events.retrying import Stream, retry
from services.kit.cli import console
from services.projections.app import App, opened, plainly
from services.projections.rebuild_cli import rebuild
from services.projections.waiting import NothingParked, Waiting, skip, waiting

HEADS = ("app", "stream", "version", "since", "why", "tried", "behind it")
ONE_APP = click.option("--app", type=click.Choice(offered()), help="Of this app only.")


@click.group()
def projections() -> None:
    """Look after what the services make of events."""


projections.add_command(rebuild)


@projections.command("parked")
@ONE_APP
def parked_(app: str | None) -> None:
    """List the events that could not be applied; each holds up its own stream alone."""
    with plainly():
        found = {name: asyncio.run(_waiting(name)) for name in _apps(app)}
    if not any(found.values()):
        click.echo("Nothing is parked.")
        return
    console().print(_table(found))


@projections.command("retry")
@click.argument("stream", required=False)
@ONE_APP
def retry_(stream: str | None, app: str | None) -> None:
    """Apply what is parked, in order, all of it or of one STREAM; what fails again stays."""
    with plainly():
        tried = [line for name in _apps(app) for line in asyncio.run(_retry(name, stream))]
    if stream is not None and not tried:
        raise click.ClickException(f"Nothing of {stream} is parked.")
    click.echo("\n".join(tried or ["Nothing is parked."]))


@projections.command("skip")
@click.argument("stream")
@click.option("--reason", required=True, help="Why it may go; it is kept with your name.")
@ONE_APP
def skip_(stream: str, reason: str, app: str | None) -> None:
    """Drop the first parked event of STREAM for good, and apply what waits behind it."""
    with plainly():
        names = [app] if app else asyncio.run(_apps_with(stream))
        if len(names) != 1:
            raise click.ClickException(_not_one(stream, names))
        try:
            click.echo(asyncio.run(_skip(names[0], stream, reason)))
        except NothingParked as none:
            raise click.ClickException(f"Nothing of {none} is parked.") from none


def _apps(app: str | None) -> list[str]:
    return [app] if app else offered()


async def _waiting(name: str) -> list[Waiting]:
    async with opened(name) as app:
        return await waiting(app.pool)


async def _apps_with(stream: str) -> list[str]:
    return [name for name in offered() if stream in {one.key for one in await _waiting(name)}]


async def _retry(name: str, stream: str | None) -> list[str]:
    async with opened(name) as app:
        streams = [one for one in await waiting(app.pool) if stream in (None, one.key)]
        return [await _retry_one(app, (one.source, one.stream)) for one in streams]


async def _retry_one(app: App, stream: Stream) -> str:
    found = await retry(app.pool, app.projection, stream)
    await app.projection.announce(found.fresh)
    return _outcome(app.name, stream, found)


async def _skip(name: str, stream: str, reason: str) -> str:
    source, _, own = stream.partition(":")
    async with opened(name) as app:
        found = await skip(app.pool, app.projection, (source, own), getpass.getuser(), reason)
        await app.projection.announce(found.fresh)
        return _outcome(name, (source, own), found)


def _outcome(app: str, stream: Stream, found: News) -> str:
    said = f"{app} {':'.join(stream)}: {len(found.fresh):,} applied"
    if not found.held:
        return said
    first = found.held[0]
    return f"{said}, {len(found.held):,} still parked: version {first.event.version}, {first.why}"


def _not_one(stream: str, names: Iterable[str]) -> str:
    apps = ", ".join(names)
    if not apps:
        return f"Nothing of {stream} is parked: see `banyan projections parked`."
    return f"{stream} is parked by {apps}: say which with --app."


def _table(found: dict[str, list[Waiting]]) -> Table:
    table = Table()
    for head in HEADS:
        table.add_column(head, overflow="fold")
    for app, streams in found.items():
        for one in streams:
            since = one.parked_at.isoformat(sep=" ", timespec="seconds")
            table.add_row(
                app, one.key, f"{one.version}", since, one.why, f"{one.tried}", f"{one.behind:,}"
            )
    return table
