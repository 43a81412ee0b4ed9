"""What a class of thousands costs that opens at once, and what ordinary classes feel of it.

All of its learners come within a second, each at a socket of their own: they join, wait as long as
they are told, and follow the class. Beside them ordinary classes of ten go on, in which hands are
raised and lowered and signals sent, by the clock; they do so alone before. Counted are who is in
late, what is refused or tried again, whom the class counts as present, and what upstreams and Redis
are asked. In a fresh tenant, which is gone at the end.
"""

import secrets
from pathlib import Path

import click
import uvloop

from bench import plot, report
from bench.campus import tenants_forgotten
from bench.class_school import HELD
from bench.files import allow_many
from bench.hero_measured import Sizes, measure
from bench.hero_school import OF_A_CLASS
from bench.hero_told import bars, figures, tell
from bench.learners_measured import processes_for
from bench.lever import flags_kept
from bench.system import system

WORKERS = 2


@click.command(help=__doc__)
@click.option(
    "--learners",
    type=click.IntRange(1, 20_000),
    default=500,
    show_default=True,
    help="Who come to the one class.",
)
@click.option(
    "--classes",
    type=click.IntRange(1, 500),
    default=50,
    show_default=True,
    help="Ordinary ones, of ten each.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.5),
    default=10.0,
    show_default=True,
    help="They are alone before.",
)
@click.option(
    "--within-s",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    help="In which all come.",
)
@click.option(
    "--pace-s",
    type=click.FloatRange(min=0.05),
    default=1.0,
    show_default=True,
    help="Between two things that happen in an ordinary class.",
)
@click.option(
    "--allowance-s",
    type=click.FloatRange(min=0),
    default=2.0,
    show_default=True,
    help="Whoever is in later than that behind their time is late.",
)
@plot.option
@report.json_option
def main(
    learners: int,
    classes: int,
    seconds: float,
    within_s: float,
    pace_s: float,
    allowance_s: float,
    drawn: Path | None,
    as_json: bool,
) -> None:
    if processes_for(learners + classes * OF_A_CLASS, allow_many()) > 1:
        raise click.ClickException("One process may not have so many sockets open here.")
    sizes = Sizes(learners, classes, seconds, within_s, pace_s, allowance_s)
    name = f"bench-{secrets.token_hex(3)}"
    with (
        system({"BANYAN_WORKERS": f"{WORKERS}"}) as running,
        tenants_forgotten(running, name),
        flags_kept(running.home, HELD),
    ):
        measured = uvloop.run(measure(running, sizes, name))
    tell(measured)
    plot.keep(drawn, bars(measured))
    report.end(figures(measured), as_json)


if __name__ == "__main__":
    main()
