"""What a herd costs that asks for one page: calls at a monolith of 200 ms, and how long it waits.

A monolith and gateways of the bench's own answer learners of one course: without a cache, with a
naive one (look, miss, fetch, keep: nobody waits for anybody), cold, warm, through two processes,
behind the page's time, and while the monolith is down. As many learners as there are callers ask
for the page with their own progress, each for the first time, and again. At most 500 requests are
under way at once.
"""

from pathlib import Path

import click
import uvloop

from bench import plot, report
from bench.herd_measured import measured
from bench.herd_told import bars, figures, tell
from bench.system import system


@click.command(help=__doc__)
@click.option(
    "--callers", type=click.IntRange(min=20), default=5_000, show_default=True, help="Of each herd."
)
@click.option(
    "--waits/--no-waits",
    default=True,
    show_default=True,
    help="Measure what is behind its time as well, which takes three minutes of waiting.",
)
@plot.option
@report.json_option
def main(callers: int, waits: bool, drawn: Path | None, as_json: bool) -> None:
    with system() as running:
        found = uvloop.run(measured(running, callers, waits))
    tell(found)
    plot.keep(drawn, bars(found))
    report.end(figures(found), as_json)


if __name__ == "__main__":
    main()
