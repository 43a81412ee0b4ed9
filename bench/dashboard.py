"""What a dashboard of 20 courses costs, and what of that is the old platform's.

Measured in turns: the page through the gateway; the very calls it makes at the monolith, made
bare; and the page of one course, which makes as many calls as batches would need for all.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import click
import uvloop

from bench import report
from bench.bare import Session, stages
from bench.learner import BadAnswer, Learner, token
from bench.meter import Meter
from bench.sides import Side, p50_ms, take_turns
from bench.system import System, system
from gateway.upstream.transport import HttpTransport
from services.contracts.errors import UpstreamError
from services.storage.secret import secret

TENANT, USER, COURSES = "ministry", "4", 20
COLUMNS = ["", "pages/s", "p50 ms", "p95 ms", "monolith calls", "gateway CPU ms"]


@dataclass(frozen=True, slots=True)
class Sides:
    page: Side
    bare: Side
    single: Side

    def all(self) -> tuple[Side, Side, Side]:
        return self.page, self.bare, self.single

    @property
    def calls_a_course(self) -> float:
        """What each course beyond the first adds, since there are no batches."""
        return (self.page.calls - self.single.calls) / (COURSES - 1)

    @property
    def ms_a_course(self) -> float:
        return (self.page.measured.p50_ms - self.single.measured.p50_ms) / (COURSES - 1)


@asynccontextmanager
async def ways(meter: Meter, running: System) -> AsyncIterator[Sides]:
    """The sides, each seen to give the whole page before it is measured."""
    learner = Learner(running.at.gateway, token(running.home, running.settings, TENANT, USER))
    transport = HttpTransport(running.settings.legacy_connections)
    session = Session(transport, running.at.monolith)
    page, single = partial(learner.dashboard, COURSES), partial(learner.dashboard, 1)
    try:
        calls = await meter.calls_of(page)
        await session.sign_in(TENANT, USER, secret(running.home, "legacy"))
        sides = Sides(
            Side(f"{COURSES} courses, gateway", page),
            Side("the same calls, bare", partial(session.page, stages(calls))),
            Side("1 course, gateway", single),
        )
        for side in sides.all():
            await meter.warm(side.work)
        yield sides
    finally:
        await learner.close()
        await transport.close()


async def compare(running: System, callers: int, seconds: float, rounds: int) -> Sides:
    meter = Meter.of(running, callers, seconds)
    async with ways(meter, running) as sides:
        await take_turns(sides.all(), rounds, meter.measure)
        return sides


def tell(sides: Sides, callers: int) -> None:
    rows = [
        [
            side.name,
            side.measured.per_s,
            side.measured.p50_ms,
            side.measured.p95_ms,
            round(side.calls),
            None if side is sides.bare else side.cpu_ms,
        ]
        for side in sides.all()
    ]
    report.show(f"A dashboard for {callers} callers at once", COLUMNS, rows, notes(sides))


def notes(sides: Sides) -> list[str]:
    beside_bare = sides.page.times(sides.bare, p50_ms)
    beside_single = sides.page.times(sides.single, p50_ms)
    needless = sides.page.calls - sides.single.calls
    return [
        f"Through the gateway a page takes {beside_bare:.2f}x as long as its bare calls, "
        f"and {beside_single:.1f}x as long as the page of one course.",
        f"Without batches each further course costs {sides.calls_a_course:.1f} calls and "
        f"{sides.ms_a_course:.1f} ms: batches would spare {needless:.0f} of {sides.page.calls:.0f} "
        f"calls ({needless / sides.page.calls:.0%}), since {sides.single.calls:.0f} would do "
        "for all courses as they do for one.",
    ]


def figures(sides: Sides, callers: int) -> dict[str, object]:
    return {
        "callers": callers,
        "courses": COURSES,
        "page": _figures(sides.page),
        "page_gateway_cpu_ms": round(sides.page.cpu_ms, 2),
        "bare": _figures(sides.bare),
        "one_course": _figures(sides.single),
        "one_course_gateway_cpu_ms": round(sides.single.cpu_ms, 2),
        "page_to_bare": round(sides.page.times(sides.bare, p50_ms), 3),
        "page_to_one_course": round(sides.page.times(sides.single, p50_ms), 3),
        "calls_a_course": round(sides.calls_a_course, 2),
        "ms_a_course": round(sides.ms_a_course, 2),
    }


def _figures(side: Side) -> dict[str, float]:
    return {
        "per_s": round(side.measured.per_s, 2),
        "p50_ms": round(side.measured.p50_ms, 2),
        "p95_ms": round(side.measured.p95_ms, 2),
        "calls": round(side.calls, 1),
    }


@click.command(help=__doc__)
@click.option("--callers", default=4, show_default=True, help="Pages asked for at once.")
@click.option("--seconds", default=5.0, show_default=True, help="How long each round takes.")
@click.option("--rounds", default=5, show_default=True, help="Rounds of each, in turns.")
@report.json_option
def main(callers: int, seconds: float, rounds: int, as_json: bool) -> None:
    try:
        with system() as running:
            sides = uvloop.run(compare(running, callers, seconds, rounds))
    except (BadAnswer, UpstreamError) as failed:
        raise click.ClickException(f"{failed}\nFewer --callers may do.") from failed
    tell(sides, callers)
    report.end(figures(sides, callers), as_json)


if __name__ == "__main__":
    main()
