"""`banyan replay`: scores what was scored before, and says whether it comes to the same."""

import os
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from time import monotonic

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from services.assessment.replay.archive import BadArchive
from services.assessment.replay.explained import DEFAULT, BadList, read_explained
from services.assessment.replay.html import as_html
from services.assessment.replay.journal import write_whole
from services.assessment.replay.mapping import BadMapping
from services.assessment.replay.opening import open_archive
from services.assessment.replay.report import Report, as_json, report_of
from services.assessment.replay.run import Replay
from services.assessment.replay.shown import show
from services.assessment.replay.tally import Tally

UNEXPLAINED, UNREADABLE = 1, 2


class CannotReplay(click.ClickException):
    """Another status than that of differences."""

    exit_code = UNREADABLE


@click.command()
@click.argument("archive", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--mapping",
    metavar="FILE",
    help="What the columns of a CSV archive mean: a TOML file, or one that comes along, by name.",
)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The right answers of a CSV archive; without it those that the mapping names.",
)
@click.option(
    "--out",
    default="replay-report",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where report.html and report.json go.",
)
@click.option(
    "--explained",
    default=DEFAULT,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The list of differences that are accepted.  [default: the repository's]",
)
@click.option(
    "--workers",
    default=os.cpu_count() or 1,
    type=click.IntRange(min=1),
    help="Processes that score.  [default: one a core]",
)
@click.option(
    "--resume/--fresh", default=True, help="Go on where a replay stopped (default), or begin anew."
)
def replay(
    archive: Path,
    mapping: str | None,
    key: Path | None,
    out: Path,
    explained: Path,
    workers: int,
    resume: bool,
) -> None:
    """Score the attempts of ARCHIVE again and compare with what was recorded.

    ARCHIVE is what `banyan legacy export` wrote, or CSV with a --mapping; either may be gzipped.
    Ends with 0 where every difference is explained, with 1 where one is not, and with 2 where
    ARCHIVE cannot be read.
    """
    try:
        listed = read_explained(explained)
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        planned = Replay(open_archive(archive, mapping, key), listed, out, workers)
        tally = _run(planned, fresh=not resume)
        report = report_of(planned.source, tally, listed)
        _write(out, report)
        planned.done()
    except (BadArchive, BadList, BadMapping) as wrong:
        raise CannotReplay(str(wrong)) from wrong
    except BrokenProcessPool as killed:
        raise CannotReplay("A process that scored was killed; run again to go on.") from killed
    except OSError as failed:
        raise CannotReplay(f"{failed.filename or archive}: {failed.strerror}") from failed
    raise SystemExit(0 if report.agrees else UNEXPLAINED)


def _run(planned: Replay, fresh: bool) -> Tally:
    began = monotonic()
    console = Console(stderr=True)
    with _progress(console) as bar:
        task = bar.add_task("replaying", total=planned.source.path.stat().st_size)

        def track(read: int, tally: Tally) -> None:
            bar.update(task, completed=read, description=f"{tally.responses:,} responses")

        tally = planned.run(track, fresh)
    console.print(f"{monotonic() - began:,.1f} s", highlight=False)
    return tally


def _progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description:>24}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console)


def _write(out: Path, report: Report) -> None:
    write_whole(out / "report.json", as_json(report))
    write_whole(out / "report.html", as_html(report).encode())
    show(report, out, Console())
