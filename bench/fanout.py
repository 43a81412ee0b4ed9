"""What one event costs by how many subscribers hear it: encoded once, beside executed for each.

A class's `classroom` event (20 raised hands) to 100 to 40,000 viewers, by the gateway's own groups,
engine and contract, from a source in memory to the bytes of each one's frame. The kernel's part is
not in it, nor is Redis or the service that is read. In turns:

\b
bare     a loop that writes ready bytes: the floor
once     one group: read, executed and encoded once
own ids  as once, but each client calls its subscription by an id of its own
judged   as once, and whether each viewer still may is judged first
each     a group each: judged, read, executed and encoded for each subscriber
"""

from pathlib import Path

import click
import uvloop

from bench import plot, report
from bench.fanout_measured import measure
from bench.fanout_told import figures, lines, tell


@click.command(help=__doc__)
@click.option(
    "--subscribers",
    "sizes",
    type=click.IntRange(1, 100_000),
    multiple=True,
    default=(100, 1_000, 10_000, 40_000),
    show_default=True,
    help="Of one class; may be given several times.",
)
@click.option(
    "--rounds",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="Events of each way, in turns.",
)
@plot.option
@report.json_option
def main(sizes: tuple[int, ...], rounds: int, drawn: Path | None, as_json: bool) -> None:
    measured = uvloop.run(measure(sizes, rounds))
    tell(measured)
    plot.keep(drawn, lines(measured))
    report.end(figures(measured), as_json)


if __name__ == "__main__":
    main()
