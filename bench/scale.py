"""What an answer costs by its size, and what a second worker gives.

Pages of 1 to 1,000 courses, of 10 leaves each: compiled and by graphql-core, inside the process and
through the HTTP door, by one worker and by two.
"""

from pathlib import Path

import click
import uvloop

from bench import plot, report
from bench.scale_measured import Turns, measure
from bench.scale_told import figures, lines, tell
from bench.system import sigterm_unwinds


@click.command(help=__doc__)
@click.option(
    "--courses",
    "sizes",
    type=click.IntRange(1, 1_000),
    multiple=True,
    default=(1, 10, 100, 1_000),
    show_default=True,
    help="Of a page, 10 leaves each; may be given several times.",
)
@click.option("--rounds", default=5, show_default=True, help="Rounds of each, in turns.")
@click.option("--seconds", default=1.0, show_default=True, help="How long each round takes.")
@click.option("--connections", default=16, show_default=True, help="Requests at once.")
@plot.option
@report.json_option
def main(
    sizes: tuple[int, ...],
    rounds: int,
    seconds: float,
    connections: int,
    drawn: Path | None,
    as_json: bool,
) -> None:
    with sigterm_unwinds():
        measured = uvloop.run(measure(sizes, Turns(rounds, seconds, connections)))
    tell(measured)
    plot.keep(drawn, lines(measured))
    report.end(figures(measured), as_json)


if __name__ == "__main__":
    main()
