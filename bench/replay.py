"""How fast archived attempts are scored again, and with what result.

An archive is made up of all five kinds of items, every policy and quirk, scored by the monolith's
own code, and `banyan replay` replays it.
"""

import json
import resource
import subprocess
import sys
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import click

from bench.archive import archive
from bench.report import end, json_option, progress, show

BANYAN = Path(sys.executable).with_name("banyan")
LINES = 1_000


@click.command(help=__doc__)
@click.option("--attempts", default=20_000, show_default=True, help="At least so many.")
@click.option("--workers", default=2, show_default=True, help="Processes that score.")
@click.option("--out", type=click.Path(path_type=Path), help="Where archive and report stay.")
@json_option
def main(attempts: int, workers: int, out: Path | None, as_json: bool) -> None:
    with TemporaryDirectory() as folder:
        place = out or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        file = place / "archive.jsonl"
        _make(file, attempts)
        figures = _replay(file, place / "report", workers)
    show(
        f"replay on {workers} processes",
        ["attempts", "responses", "seconds", "responses/s", "CPU us/response", "unexplained"],
        [list(figures.values())[:6]],
    )
    end(figures, as_json)


def _make(file: Path, attempts: int) -> None:
    lines = archive(attempts)
    with progress() as bar, file.open("wb") as out:
        task = bar.add_task("making the archive", total=None)
        while some := b"".join(islice(lines, LINES)):
            out.write(some)
            bar.advance(task)


def _replay(file: Path, report: Path, workers: int) -> dict[str, Any]:
    command = [BANYAN, "replay", file, "--out", report, "--fresh", "--workers", str(workers)]
    before, began = _cpu_s(), monotonic()
    done = subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL, check=False)
    took_s, cpu_s = monotonic() - began, _cpu_s() - before
    said = json.loads((report / "report.json").read_bytes())
    return {
        "attempts": said["attempts"],
        "responses": said["responses"],
        "seconds": took_s,
        "responses_per_s": said["responses"] / took_s,
        "cpu_us_per_response": cpu_s / said["responses"] * 1e6,
        "unexplained": said["unexplained"],
        "status": done.returncode,
        "classes": said["classes"],
    }


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
