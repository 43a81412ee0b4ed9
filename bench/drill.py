"""`banyan drill`: rehearses, on a running system, what is to happen when a service is sick."""

import secrets
import sys
from pathlib import Path

import click
import uvloop

from bench import drill_told, report
from bench.campus import Campus, tenants_forgotten
from bench.drill_measured import rehearse
from bench.system import System, system
from flags import drills
from flags.change import BadChange, known_capability
from flags.names import Capability
from services.kit.clock import SystemClock


@click.group()
def drill() -> None:
    """Rehearse what is to happen when a service is sick."""


@drill.command()
@click.argument("capability")
@click.option(
    "--percent", type=click.IntRange(1, 100), default=20, show_default=True, help="Calls to fail."
)
@click.option(
    "--learners", type=click.IntRange(1, 1_000), default=40, show_default=True, help="Of its own."
)
@click.option(
    "--patience",
    type=click.FloatRange(min=1),
    default=1_200.0,
    show_default=True,
    help="Seconds that it may take until all are back.",
)
@click.option(
    "--report",
    "path",
    type=click.Path(path_type=Path),
    help="[default: in drills/ of the state folder, or of build/]",
)
@report.json_option
def rollback(
    capability: str, percent: int, learners: int, patience: float, path: Path | None, as_json: bool
) -> None:
    """Let the service of CAPABILITY fail, and watch that it is rolled back and comes back.

    Learners of a tenant of its own go on all the while; at the end nothing that was acknowledged
    to them may be lost. Whoever else is answered by the service is answered by the monolith
    meanwhile. The service fails by a switch of its own, which ends by itself.
    """
    asked = _known(capability)
    campus = Campus(f"drill-{secrets.token_hex(3)}", learners)
    with system() as running, tenants_forgotten(running, campus.tenant):
        _allowed(running)
        done = uvloop.run(rehearse(running, asked, percent, campus, patience))
        at = SystemClock().now()
        drills.keep(running.home, drill_told.kept(done, at))
        folder = running.home if running.is_found else Path("build")
        where = path or folder / "drills" / f"{at:%Y%m%dT%H%M%SZ}-{capability}.md"
        drill_told.write(done, at, where)
    drill_told.tell(done)
    click.echo(f"The report: {where}")
    report.end(drill_told.figures(done), as_json)
    sys.exit(0 if done.passed else 1)


def _known(capability: str) -> Capability:
    try:
        return known_capability(capability)
    except BadChange as wrong:
        raise click.ClickException(str(wrong)) from wrong


def _allowed(running: System) -> None:
    if not running.settings.takes_drills:
        raise click.ClickException("In production a drill needs BANYAN_DRILLS=yes.")
