"""What thousands of learners at sockets wait for, each and all, and what they cost.

Each has a socket (graphql-transport-ws), hears of their progress in their course and of what
happens in the one class that all follow, and completes a lesson every 90 s on average. An
interaction is from that mutation until their own event has come, through the gateway, the progress
service, PostgreSQL and Redis. What is lost, doubled or told twice is counted where it arrives and
compared with what the service has kept. In a fresh tenant, which is gone at the end.

40,000 sockets need three processes of the gateway and of the learners where one may have 20,000
files open; a system of the bench's own has as many as are needed.
"""

import secrets
from pathlib import Path

import click
import uvloop

from bench import plot, report
from bench.campus import tenants_forgotten
from bench.class_to_all import CLASS, TO_ALL
from bench.files import allow_many
from bench.learners_found import Asked
from bench.learners_measured import measure, processes_for
from bench.learners_school import TURNED
from bench.learners_told import bars, figures, tell
from bench.lever import flags_kept
from bench.system import system

LEAST_WORKERS = 2
OFTEN_S, OF_TEN = 30.0, 3
"""How often those of the second run act, and how many in ten they are."""


@click.command(help=__doc__)
@click.option(
    "--learners", type=click.IntRange(1, 100_000), default=2_000, show_default=True, help="In all."
)
@click.option(
    "--pace-s",
    type=click.FloatRange(min=0.1),
    default=90.0,
    show_default=True,
    help="Seconds between what one of them does, on average.",
)
@click.option(
    "--seconds", type=click.FloatRange(1, 3_600), default=60.0, show_default=True, help="Measured."
)
@click.option(
    "--heroes", type=click.IntRange(0, 100), default=40, show_default=True, help="Events to all."
)
@click.option(
    "--per-second",
    type=click.FloatRange(min=1),
    default=500.0,
    show_default=True,
    help="Sockets that are opened, as far as the gateway keeps up.",
)
@click.option(
    "--to-all",
    type=click.Choice(TO_ALL),
    default=CLASS,
    show_default=True,
    help="What tells everybody: the class that all follow, or the platform's status.",
)
@click.option(
    "--hands",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of what they do that is a hand, raised or lowered in the class.",
)
@click.option("--second", is_flag=True, help="Then 3 of 10 of them, who act every 30 s.")
@plot.option
@report.json_option
def main(
    learners: int,
    pace_s: float,
    seconds: float,
    heroes: int,
    per_second: float,
    to_all: str,
    hands: float,
    second: bool,
    drawn: Path | None,
    as_json: bool,
) -> None:
    files = allow_many()
    asked = [Asked(learners, pace_s, seconds, heroes, per_second, to_all, hands)]
    if second:
        few = -(-learners * OF_TEN // 10)
        asked.append(Asked(few, OFTEN_S, seconds, heroes, per_second, to_all, hands))
    workers = max(LEAST_WORKERS, processes_for(learners, files))
    name = f"bench-{secrets.token_hex(3)}-"
    with (
        system({"BANYAN_WORKERS": f"{workers}"}) as running,
        tenants_forgotten(running, name),
        flags_kept(running.home, TURNED),
    ):
        measured = uvloop.run(measure(running, asked, files, name))
    tell(measured)
    plot.keep(drawn, bars(measured))
    report.end(figures(measured), as_json)


if __name__ == "__main__":
    main()
