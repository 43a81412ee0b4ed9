"""What it costs those who are answered by the old platform that the services are compared with it.

A learner's page is asked for at a steady rate, in turns with the comparing switched off and on for
everybody, at a gateway of the bench's own that keeps no answers: every request fetches all of it,
and all of that is compared.
"""

import click
import uvloop

from bench import report
from bench.shadow_measured import measure
from bench.shadow_told import figures, tell
from bench.system import system


@click.command(help=__doc__)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.3, max=60),
    default=10.0,
    show_default=True,
    help="How long each turn lasts.",
)
@click.option(
    "--rounds", type=click.IntRange(1, 50), default=7, show_default=True, help="Turns of each."
)
@click.option(
    "--rate",
    type=click.FloatRange(min=1, max=200),
    default=6.0,
    show_default=True,
    help="Pages a second.",
)
@report.json_option
def main(seconds: float, rounds: int, rate: float, as_json: bool) -> None:
    with system() as running:
        measured = uvloop.run(measure(running, seconds, rounds, rate))
    tell(measured)
    report.end(figures(measured), as_json)


if __name__ == "__main__":
    main()
