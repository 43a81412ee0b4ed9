"""What an operation costs: compiled, by graphql-core, by Strawberry as it comes, by Mercurius.

One contract, one school in memory, one query of 175 leaves with variables that differ from
request to request; nothing is kept of answers. Each rival is asked through a real HTTP door on a
core of its own, in turns, verifies the same tokens and limits depth. Mercurius (with JIT) is
installed from npm into build/ when it is first wanted; without Node it is left out.
"""

from pathlib import Path

import click
import uvloop

from bench import plot, report
from bench.execution_measured import measure
from bench.execution_told import bars, figures, tell
from bench.system import sigterm_unwinds


@click.command(help=__doc__)
@click.option("--rounds", default=5, show_default=True, help="Rounds of each, in turns.")
@click.option("--seconds", default=3.0, show_default=True, help="How long each round takes.")
@click.option("--connections", default=16, show_default=True, help="Requests at once.")
@click.option("--node/--no-node", default=True, show_default=True, help="Ask Mercurius too.")
@plot.option
@report.json_option
def main(
    rounds: int, seconds: float, connections: int, node: bool, drawn: Path | None, as_json: bool
) -> None:
    with sigterm_unwinds():
        measured = uvloop.run(measure(rounds, seconds, connections, with_node=node))
    tell(measured)
    plot.keep(drawn, bars(measured))
    report.end(figures(measured), as_json)


if __name__ == "__main__":
    main()
