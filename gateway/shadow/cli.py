"""`banyan shadow`: where the services answer differently, before anybody moves to them."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from flags.names import (
    ASSESSMENT_ATTEMPTS,
    ASSESSMENT_READ,
    COURSE_READ,
    LIVE_CLASS_SCHEDULE,
    PROGRESS_READ,
    Capability,
)

if TYPE_CHECKING:
    from gateway.shadow.compared import Counts

R = TypeVar("R")
COMPARABLE = {
    one.name: one
    for one in (
        COURSE_READ,
        PROGRESS_READ,
        LIVE_CLASS_SCHEDULE,
        ASSESSMENT_READ,
        ASSESSMENT_ATTEMPTS,
    )
}
NAMES = click.Choice(list(COMPARABLE))


@click.group()
def shadow() -> None:
    """Compare the services with the monolith while the monolith still answers.

    A capability is compared for those learners whom the flag CAPABILITY.shadow lets in: they are
    answered as before, and the service is asked beside that. Writes are never sent to both: of a
    command to an attempt the service is asked what it would have decided.
    """


@shadow.command()
@click.argument("capability", required=False, type=NAMES, metavar="[CAPABILITY]")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write one page with pictures as well; it needs nothing beside it.",
)
def report(capability: str | None, as_json: bool, html: Path | None) -> None:
    """Tell how many answers were compared and which fields differed, of CAPABILITY or of all.

    A difference counts where both sides differ at one position of the monolith's changes: a
    service that is behind does not differ. No names and no texts are kept of what differed.
    """
    from gateway.shadow.reading import read
    from gateway.shadow.report import lines

    found = _asked(lambda url: read(url, _wanted(capability)))
    if as_json:
        click.echo(json.dumps({one.name: _as_json(kept) for one, kept in found.items()}, indent=2))
    else:
        click.echo("\n".join(lines(found)))
    if html is not None:
        _write(found, html)


@shadow.command()
@click.argument("capability", type=NAMES, metavar="CAPABILITY")
def forget(capability: str) -> None:
    """Forget what was counted of CAPABILITY, such as before a repair."""
    from gateway.shadow.reading import forget as forgotten

    _asked(lambda url: forgotten(url, _wanted(capability)))
    click.echo(f"{capability}: counted anew from now on")


def _wanted(name: str | None) -> Sequence[Capability]:
    return list(COMPARABLE.values()) if name is None else [COMPARABLE[name]]


def _asked(ask: Callable[[str], R]) -> R:
    """Of the running system's Redis; where it cannot be asked that is said, and it ends."""
    from gateway.usage.store import Away
    from services.kit.home import NotRunning
    from services.kit.settings import BadSetting
    from services.storage.address import redis_url

    try:
        return ask(redis_url(os.environ))
    except (BadSetting, NotRunning) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except Away as away:
        raise click.ClickException(f"Redis, where it is counted, cannot be read: {away}") from away


def _write(found: Mapping[Capability, "Counts"], file: Path) -> None:
    from gateway.shadow.html import as_html
    from services.kit.clock import SystemClock

    try:
        file.write_text(as_html(found, f"{SystemClock().now():%Y-%m-%d %H:%M} UTC"))
    except OSError as refused:
        raise click.ClickException(f"{file} cannot be written: {refused.strerror}.") from refused
    click.echo(f"written to {file}")


def _as_json(kept: "Counts") -> dict[str, Any]:
    from msgspec import to_builtins

    from gateway.shadow.compared import DROPPED, LAG
    from gateway.shadow.report import rows

    return {
        "compared": kept.compared.compared,
        "differing": kept.compared.differing,
        "behind": kept.numbers[LAG],
        "dropped": kept.numbers[DROPPED],
        "fields": [
            {"field": row.path, "kind": row.kind, "times": row.times, "of": row.of}
            for row in rows(kept)
        ],
        "examples": to_builtins(kept.samples),
    }
