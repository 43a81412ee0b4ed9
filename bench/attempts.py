"""How many attempts the new side takes, what limits it, and whether it loses any in a rush.

Commands of writers at once: in one course, in a course each, in many tenants, and the same at the
old side. Then an exam that thousands start within a second and hand in within its last ten. Done
through the gateway, in fresh tenants whose flags are turned for it; all of it is gone at the end.
"""

import secrets

import click
import uvloop

from bench import report
from bench.attempts_measured import Sizes, measure
from bench.attempts_told import figures, tell
from bench.campus import tenants_forgotten
from bench.lever import ATTEMPTS, flags_kept
from bench.system import system
from bench.way_in import NotDone


@click.command(help=__doc__)
@click.option("--writers", default=64, show_default=True, help="Who write at once, at most.")
@click.option("--tenants", default=50, show_default=True, help="In how many tenants at once.")
@click.option("--seconds", default=3.0, show_default=True, help="How long each round takes.")
@click.option("--rounds", default=2, show_default=True, help="Rounds of each, in turns.")
@click.option("--rush", default=5_000, show_default=True, help="Learners of the exam.")
@click.option("--connections", default=256, show_default=True, help="To the gateway, at most.")
@report.json_option
def main(
    writers: int,
    tenants: int,
    seconds: float,
    rounds: int,
    rush: int,
    connections: int,
    as_json: bool,
) -> None:
    sizes = Sizes(writers, tenants, seconds, rounds, rush, connections)
    name = f"bench-{secrets.token_hex(3)}-"
    try:
        with (
            system() as running,
            tenants_forgotten(running, name),
            flags_kept(running.home, ATTEMPTS),
        ):
            measured = uvloop.run(measure(running, sizes, name))
    except NotDone as refused:
        raise click.ClickException(f"{refused}\nFewer --writers may do.") from refused
    tell(measured)
    report.end(figures(measured), as_json)


if __name__ == "__main__":
    main()
