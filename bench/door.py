"""What each stage of a request costs at the gateway's door, beside servers that do nothing else.

The stages are the door's own functions, each timed by itself in this process. Then the whole door,
in a process of its own, answers over kept connections; bare uvicorn and bare Starlette answer the
very same bytes, in turns with it. Sources are in memory: what they cost is in other benches.
"""

import click
import uvloop

from bench import report
from bench.door_measured import measured
from bench.door_told import figures, tell


@click.command(help=__doc__)
@click.option(
    "--at-once",
    type=click.IntRange(min=1),
    multiple=True,
    default=(1, 16),
    show_default=True,
    help="Connections in use; may be given several times.",
)
@click.option("--seconds", default=1.0, show_default=True, help="How long each round takes.")
@click.option("--rounds", default=5, show_default=True, help="Rounds of each, in turns.")
@click.option("--repetitions", default=2_000, show_default=True, help="Of each stage.")
@report.json_option
def main(
    at_once: tuple[int, ...], seconds: float, rounds: int, repetitions: int, as_json: bool
) -> None:
    found = uvloop.run(measured(at_once, seconds, rounds, repetitions))
    tell(found)
    report.end(figures(found), as_json)


if __name__ == "__main__":
    main()
