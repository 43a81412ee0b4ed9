"""What the gateway itself costs a dashboard of 20 courses, through real services.

A gateway in production's profile is asked for one page at a time, on the old side and on the new:
a page whose token and document are known, and one of which neither was ever seen; in turns with the
same upstream calls, made bare by the gateway's own transport. `--plot` keeps a flame graph of its
CPU. The flags of one tenant are turned to and fro for it, and are as before at the end.
"""

from pathlib import Path

import click
import uvloop

from bench import plot, report
from bench.gateway_measured import measured
from bench.gateway_told import figures, flames, tell
from bench.lever import flags_kept
from bench.system import system


@click.command(help=__doc__)
@click.option("--seconds", default=2.0, show_default=True, help="How long each round takes.")
@click.option("--rounds", default=5, show_default=True, help="Rounds of each, in turns.")
@plot.option
@report.json_option
def main(seconds: float, rounds: int, drawn: Path | None, as_json: bool) -> None:
    with system() as running, flags_kept(running.home):
        found = uvloop.run(measured(running, seconds, rounds))
    tell(found)
    plot.keep(drawn, flames(found))
    report.end(figures(found), as_json)


if __name__ == "__main__":
    main()
