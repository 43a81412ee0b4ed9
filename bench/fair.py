"""What ordinary classes feel while the learners of one ask for ten times their share.

Fifty classes ask for half of what the old platform can give, one class for ten times the other
half: first nobody of it, then all of it, at a gateway as it comes; then all of it at a gateway
without admission. A monolith and gateways of the bench's own, and a fresh tenant that is gone at
the end.
"""

import secrets

import click
import uvloop

from bench import report
from bench.campus import tenants_forgotten
from bench.fair_measured import measure
from bench.fair_told import figures, tell
from bench.system import system


@click.command(help=__doc__)
@click.option(
    "--seconds",
    type=click.FloatRange(min=1, max=60),
    default=20.0,
    show_default=True,
    help="How long each of the three is measured.",
)
@click.option("--times", default=10.0, show_default=True, help="Its share that the herd asks.")
@report.json_option
def main(seconds: float, times: float, as_json: bool) -> None:
    name = f"bench-{secrets.token_hex(3)}-"
    with system() as running, tenants_forgotten(running, name):
        measured = uvloop.run(measure(running, seconds, times, name))
    tell(measured)
    report.end(figures(measured), as_json)


if __name__ == "__main__":
    main()
