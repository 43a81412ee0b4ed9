"""What an answer that is kept costs, beside bare uvicorn answering the same bytes.

A gateway in production's profile, on one core, is asked for a class page that a tenant shares: a
registered document by its hash, a bearer token, the course's guards. One who asks again within a
second, while nothing changed, is not judged again: so the page is asked for with another token each
time, too. The client has the other core. A gateway that keeps nothing stands beside.
"""

import click
import uvloop

from bench import report
from bench.cached_measured import measured
from bench.cached_told import figures, tell
from bench.system import system


@click.command(help=__doc__)
@click.option("--at-once", default=16, show_default=True, help="Connections in use.")
@click.option("--seconds", default=2.0, show_default=True, help="How long each round takes.")
@click.option("--rounds", default=5, show_default=True, help="Rounds of each, in turns.")
@click.option("--tokens", default=15_000, show_default=True, help="That come in turn.")
@report.json_option
def main(at_once: int, seconds: float, rounds: int, tokens: int, as_json: bool) -> None:
    with system() as running:
        found = uvloop.run(measured(running, at_once, seconds, rounds, tokens))
    tell(found)
    report.end(figures(found), as_json)


if __name__ == "__main__":
    main()
