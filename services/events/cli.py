"""`banyan events`: what happens, as it happens, and how the feeds stand."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import click
import msgspec
from rich.table import Table

from services.events.errors import FeedError, FeedUnreachable
from services.events.feed_client import FeedClient
from services.events.state import FeedState
from services.events.tail import Tail, Wanted, followed, line
from services.kit.cli import console, settings_beside
from services.kit.settings import url_of
from services.kit.signing import Signer

FEEDS = {"legacy": "feeder", "progress": "progress", "assessment": "assessment"}
"""Sources, each with the process that tells of it."""

NAME = "operator"
"""Of whoever types commands."""

OF_APP = click.option("--app", type=click.Choice(list(FEEDS)), help="Of this source only.")


@click.group()
def events() -> None:
    """Look at what the apps tell one another."""


@events.command("tail")
@OF_APP
@click.option("--tenant", help="Of this tenant only.")
@click.option("--stream", help="Of this stream only.")
@click.option("--from-start", is_flag=True, help="With all that the feeds have still.")
@click.option("--after", type=click.IntRange(min=0), help="What follows this position.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def tail_(
    app: str | None,
    tenant: str | None,
    stream: str | None,
    from_start: bool,
    after: int | None,
    as_json: bool,
) -> None:
    """Follow the feeds, one line an event, until Ctrl-C."""
    if from_start and after is not None:
        raise click.UsageError("Say --from-start or --after, not both.")
    begin = 0 if from_start else after
    try:
        with _plainly():
            asyncio.run(_tail(_feeds(app), Wanted(tenant, stream), begin, as_json))
    except KeyboardInterrupt:
        pass


@events.command("state")
@OF_APP
def state_(app: str | None) -> None:
    """Say what waits to be sent, and how far behind each consumer is."""
    with _plainly():
        found = asyncio.run(_states(_feeds(app)))
    shown = console()
    shown.print(_outboxes(found))
    shown.print(_consumers(found))


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except FeedUnreachable as away:
        url = str(away).partition(": ")[0]
        raise click.ClickException(f"{url} does not answer: is the system running?") from away
    except FeedError as failed:
        raise click.ClickException(str(failed)) from failed


def _feeds(app: str | None) -> dict[str, FeedClient]:
    """Each is for one `async with`."""
    settings = settings_beside()
    signer = Signer.of(settings, NAME)
    return {
        source: FeedClient(url_of(settings, role), None, signer)
        for source, role in FEEDS.items()
        if app in (None, source)
    }


async def _tail(
    feeds: dict[str, FeedClient], wanted: Wanted, after: int | None, as_json: bool
) -> None:
    async with AsyncExitStack() as open_:
        tails = [Tail(await open_.enter_async_context(feed)) for feed in feeds.values()]
        for one in tails:
            await one.begin(after)
        async for event in followed(tails, wanted):
            click.echo(msgspec.json.encode(event).decode() if as_json else line(event))


async def _states(feeds: dict[str, FeedClient]) -> dict[str, FeedState]:
    found = {}
    for source, feed in feeds.items():
        async with feed:
            found[source] = await feed.state()
    return found


def _outboxes(found: dict[str, FeedState]) -> Table:
    table = _table("source", "partition", "newest", "unsent", "oldest unsent")
    for source, state in found.items():
        for one in state.partitions:
            age = f"{one.oldest_unsent_s:.1f} s" if one.unsent else ""
            table.add_row(source, f"{one.partition}", f"{one.newest:,}", f"{one.unsent:,}", age)
    return table


def _consumers(found: dict[str, FeedState]) -> Table:
    """Of each consumer all partitions together, and when it was last seen."""
    table = _table("source", "consumer", "behind", "last seen")
    for source, state in found.items():
        for name in sorted({one.name for one in state.consumers}):
            own = [one for one in state.consumers if one.name == name]
            behind = sum(one.behind for one in own)
            table.add_row(
                source, name, f"{behind:,}", f"{max(one.seen_s for one in own):.0f} s ago"
            )
    return table


def _table(*heads: str) -> Table:
    table = Table()
    for nth, head in enumerate(heads):
        table.add_column(head, justify="left" if nth < len(heads) - 3 else "right")
    return table
