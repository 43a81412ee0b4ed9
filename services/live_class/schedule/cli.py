"""`banyan classes import`: plans the classes of an iCalendar file, or shows what that would do."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

import asyncpg
import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.kit.clock import SystemClock
from services.kit.home import NotRunning
from services.kit.settings import BadSetting
from services.live_class.schedule import drawing, report
from services.live_class.schedule.courses import BadRule, Rule, rules_of
from services.live_class.schedule.ics.blocks import NoCalendar
from services.live_class.schedule.ics.calendar import File, TooMany
from services.live_class.schedule.ics.occurrence import Span
from services.live_class.schedule.importing import (
    Found,
    Importing,
    NotImported,
    Wish,
    importing,
)
from services.live_class.schedule.peak import peak
from services.live_class.schedule.zones import Zone, known

A_YEAR = timedelta(days=365)
PATH = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


class How(TypedDict):
    """What is shown and what is not done, as options say it."""

    dry_run: bool
    strict: bool
    svg: Path | None
    full: bool


@click.group()
def classes() -> None:
    """Plan live classes."""


@classes.command("import")
@click.argument("file", type=PATH)
@click.option("--tenant", required=True, help="Whose timetable it is.")
@click.option("--courses", type=PATH, help="CSV: pattern, course, and perhaps field, teacher.")
@click.option(
    "--course-of",
    "rules",
    multiple=True,
    metavar="RULE",
    help="[FIELD:]PATTERN=COURSE[:TEACHER]; FIELD is summary, category, location or uid.",
)
@click.option("--calendar", help="The calendar's name; the same file is known again by it.")
@click.option("--zone", type=Zone(), help="Of times that have none, and of what is shown.")
@click.option("--since", type=DAY, help="The first day, in UTC [today].")
@click.option("--until", type=DAY, help="The day after the last [a year later].")
@click.option("--prune", is_flag=True, help="Remove what is in the file no longer.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be, and the peak.")
@click.option("--strict", is_flag=True, help="Write nothing where an event is not taken.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Draw the peak here.")
@click.option("--full", is_flag=True, help="List everything, however much.")
def import_(
    file: Path,
    tenant: str,
    courses: Path | None,
    rules: tuple[str, ...],
    calendar: str | None,
    zone: ZoneInfo | None,
    since: datetime | None,
    until: datetime | None,
    prune: bool,
    **how: Unpack[How],
) -> None:
    """Plan the classes of an iCalendar FILE, which may be imported again and again.

    Rules say which course an event is of: those of --course-of first, then those of --courses, and
    the first that fits counts. PATTERN is as a shell's: "PUSL2022*=12" or "category:Algebra=7:31".

    Ends with 0 when it is done, with 1 when it is not; events that are refused or of no course
    are listed, and are no failure without --strict.
    """
    span = _span(since, until)
    with _plainly():
        source = File.read(file)
        said = [*map(Rule.read, rules), *(rules_of(courses) if courses else [])]
        meant = zone or known(source.zone)
        wish = Wish(tenant, source, said, calendar or source.name, meant, span, prune)
        asyncio.run(_import(wish, how, Console(stderr=True)))


@contextmanager
def _plainly() -> Iterator[None]:
    """What goes wrong is a sentence, and exit code 1."""
    try:
        yield
    except (NoCalendar, BadRule, TooMany, NotImported, BadSetting, NotRunning) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except asyncpg.UndefinedTableError as early:
        raise click.ClickException(
            "Its database has no tables yet: run `make run` once."
        ) from early
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as failed:
        raise click.ClickException(f"It failed: {failed}") from failed


async def _import(wish: Wish, how: How, console: Console) -> None:
    async with importing(os.environ) as work:
        found = await _look(work, wish, console)
        is_whole = not (found.refused or found.mapped.unmapped)
        is_done = not how["dry_run"] and (is_whole or not how["strict"])
        if is_done:
            await _write(work, wish, found, console)
    click.echo("\n".join(report.lines(wish, found, done=is_done, whole=how["full"])))
    if how["dry_run"] or how["svg"]:
        _show_peak(wish, found, how["svg"])
    if how["strict"] and not is_whole:
        raise NotImported("Not every event is taken, and --strict was given.")


async def _look(work: Importing, wish: Wish, console: Console) -> Found:
    with _bar(console, "read", len(wish.file.blocks.events)) as advance:
        return await work.look(wish, advance)


async def _write(work: Importing, wish: Wish, found: Found, console: Console) -> None:
    writes = found.plan.writes(wish.prune)
    with _bar(console, "written", len(writes)) as advance:
        await work.write(wish, writes, advance)


@contextmanager
def _bar(console: Console, what: str, total: int) -> Iterator[Callable[[int], object]]:
    """Seen in a terminal only: a log has no use for it."""
    columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=total)
        yield partial(bar.advance, task)


def _show_peak(wish: Wish, found: Found, svg: Path | None) -> None:
    sittings = found.campus.sittings(found.held, found.plan.writes(wish.prune), wish.span)
    highest = peak(sittings, _shown_in(wish, found))
    if highest is None:
        click.echo("\nThere would be no class in the span.")
        return
    click.echo(f"\nWith this {highest.classes:,} classes of both timetables are in the span.")
    click.echo("\n".join([*drawing.said(highest), "", *drawing.as_text(highest)]))
    if svg is not None:
        svg.write_text(drawing.as_svg(highest), encoding="utf-8")


def _shown_in(wish: Wish, found: Found) -> tzinfo:
    if wish.zone is not None:
        return wish.zone
    named = [one.said.zone for one in found.mapped.wanted]
    usual = max(named, key=named.count, default="")
    return known(usual) or UTC


def _span(since: datetime | None, until: datetime | None) -> Span:
    today = SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    begin = since.replace(tzinfo=UTC) if since else today
    end = until.replace(tzinfo=UTC) if until else begin + A_YEAR
    if end <= begin:
        raise click.BadParameter("--until is not after --since.")
    return Span(begin, end)
