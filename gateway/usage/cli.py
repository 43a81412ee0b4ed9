"""`banyan schema usage`: which client uses what of the contract, how often, and when last."""

import json
import os
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from services.kit.cli import console

if TYPE_CHECKING:
    from gateway.usage.reading import Known, Use

HEADS = ("field", "client", "version", "requests", "last seen")
ONE_OF_DAYS = click.option(
    "--days",
    type=click.IntRange(1, 90),
    default=30,
    show_default=True,
    help="So many days, today counted in.",
)


@click.command()
@ONE_OF_DAYS
@click.option("--client", "name", help="Of this client only.")
@click.option("--field", help="Of this only: Type.field with its arguments, or a whole Type.")
@click.option("--deprecated", is_flag=True, help="Only what is deprecated.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def usage(days: int, name: str | None, field: str | None, deprecated: bool, as_json: bool) -> None:
    """Tell which client uses what of the contract."""
    known, wanted = known_of(days), _wanted(name, field, deprecated)
    found = [use for use in known.uses if wanted(use)]
    if as_json:
        click.echo(json.dumps([_as_json(use) for use in found], indent=2))
    elif found:
        _print(found)
    else:
        click.echo(_none(known, days))


def known_of(days: int) -> "Known":
    """Of the running system; where it cannot be asked that is said, and the command ends."""
    from gateway.usage.reading import read
    from gateway.usage.store import Away
    from services.kit.clock import SystemClock
    from services.kit.home import NotRunning
    from services.kit.settings import BadSetting
    from services.storage.address import redis_url

    try:
        return read(redis_url(os.environ), SystemClock().now().date(), days)
    except (BadSetting, NotRunning) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except Away as away:
        raise click.ClickException(f"Redis, where usage is kept, cannot be read: {away}") from away


def _wanted(name: str | None, field: str | None, deprecated: bool) -> Callable[["Use"], bool]:
    old = _deprecated() if deprecated else None

    def is_wanted(use: "Use") -> bool:
        return (
            (name is None or use.client.name == name)
            and (field is None or use.at == field or use.at.startswith((f"{field}.", f"{field}(")))
            and (old is None or use.at in old)
        )

    return is_wanted


def _deprecated() -> set[str]:
    from schema.contract import core_schema
    from schema.coordinates import names_of

    return {one.at for one in names_of(core_schema()).values() if one.deprecated is not None}


def _as_json(use: "Use") -> dict[str, Any]:
    return {
        "field": use.at,
        "client": use.client.name,
        "version": use.client.version,
        "requests": use.requests,
        "lastSeen": use.last.isoformat(),
    }


def _print(found: list["Use"]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(*HEADS, box=None, pad_edge=False)
    for use in found:
        client, version = use.client
        cells = (use.at, client, version, str(use.requests), use.last.isoformat())
        table.add_row(*map(Text, cells))
    console().print(table)


def _none(known: "Known", days: int) -> str:
    if known.since is None:
        return f"Nothing was counted in the last {days_told(days)}."
    return f"Nobody used that in the last {days_told(days)}; {since_told(known.since)}"


def days_told(days: int) -> str:
    return "day" if days == 1 else f"{days} days"


def since_told(since: date) -> str:
    return f"there are numbers since {since.isoformat()}."
