"""How long after a commit at the old side it is seen: projected, told at a socket, in an answer.

One learner, who completes lessons one after another, has a subscription and asks; others complete
lessons beside at each rate. In a fresh tenant whose progress is read at the service; all of it is
gone at the end.
"""

import secrets

import click
import uvloop

from bench import report
from bench.campus import tenants_forgotten
from bench.freshness_measured import measure
from bench.freshness_told import figures, tell
from bench.lesson_hall import READ
from bench.lever import flags_kept
from bench.system import system


@click.command(help=__doc__)
@click.option(
    "--rate",
    "rates",
    type=click.FloatRange(min=1),
    multiple=True,
    default=(100.0, 1_000.0),
    show_default=True,
    help="Events a second beside; may be given several times.",
)
@click.option("--seconds", default=20.0, show_default=True, help="How long each rate is kept.")
@report.json_option
def main(rates: tuple[float, ...], seconds: float, as_json: bool) -> None:
    name = f"bench-{secrets.token_hex(3)}-"
    with (
        system() as running,
        tenants_forgotten(running, name),
        flags_kept(running.home, READ),
    ):
        measured = uvloop.run(measure(running, rates, seconds, name))
    tell(measured)
    report.end(figures(measured), as_json)


if __name__ == "__main__":
    main()
