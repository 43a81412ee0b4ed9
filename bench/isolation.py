"""What readers feel who do not need the monolith, while it hangs.

A tenant whose courses and progress the new side has asks at a steady rate, and one of the old side
beside it: first with a monolith that answers, then with one that accepts and says nothing, in
turns. A monolith and a gateway of the bench's own.
"""

import click
import uvloop

from bench import report
from bench.isolation_measured import measure
from bench.isolation_told import figures, tell
from bench.system import system


@click.command(help=__doc__)
@click.option(
    "--seconds",
    type=click.FloatRange(min=1, max=60),
    default=10.0,
    show_default=True,
    help="How long each of the two is measured in a round.",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1, max=20),
    default=3,
    show_default=True,
    help="Pairs of them.",
)
@report.json_option
def main(seconds: float, rounds: int, as_json: bool) -> None:
    with system() as running:
        measured = uvloop.run(measure(running, seconds, rounds))
    tell(measured)
    report.end(figures(measured), as_json)


if __name__ == "__main__":
    main()
