"""What a dashboard of 20 courses costs on the old side and on the new, each made to give the same.

Measured in turns: the page on the old side; the very calls it makes at the monolith, made bare; the
page of one course, which makes as many calls as batches would need for all; and the page on the new
side. The flags of one tenant are turned to and fro for it, and are as before at the end.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

import click
import uvloop

from bench import report
from bench.bare import Session, stages
from bench.dashboard_told import COURSES, Sides, figures, tell
from bench.learner import BadAnswer, Learner, Page, token
from bench.lever import Lever, flags_kept
from bench.measure import Work
from bench.meter import Meter
from bench.sides import Side, nothing, take_turns
from bench.system import System, system
from flags import names
from services.contracts.errors import UpstreamError
from services.storage.secret import secret

TENANT, USER = "ministry", "4"

CATCHES_UP_WITHIN_S = 120.0
LOOK_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Both:
    """One learner before both sides."""

    learner: Learner
    lever: Lever

    async def old(self) -> None:
        await self.lever.turn(names.Side.LEGACY)

    async def new(self) -> None:
        await self.lever.turn(names.Side.SERVICE)

    async def become_equal(self) -> None:
        """Returns once the new side has caught up: its page is then the old side's."""
        await self.old()
        wanted = await self.learner.dashboard(COURSES)
        await self.new()
        try:
            async with asyncio.timeout(CATCHES_UP_WITHIN_S):
                await self._until_whole(wanted)
        except TimeoutError as behind:
            raise click.ClickException(
                f"After {CATCHES_UP_WITHIN_S:.0f} s the new side's page is not the old side's."
            ) from behind

    async def _until_whole(self, wanted: Page) -> None:
        while True:
            with suppress(BadAnswer):
                if await self.learner.dashboard(COURSES) == wanted:
                    return
            await asyncio.sleep(LOOK_EVERY_S)


@asynccontextmanager
async def ways(meter: Meter, running: System) -> AsyncIterator[Sides]:
    """The sides, once both give the same page."""
    learner = Learner(running.at.gateway, token(running.home, running.settings, TENANT, USER))
    session = Session(running.settings.legacy_connections, running.at.monolith)
    both = Both(learner, Lever.of(running, TENANT))
    page, single = partial(learner.dashboard, COURSES), partial(learner.dashboard, 1)
    try:
        await both.become_equal()
        await both.old()
        calls = await meter.calls_of(page)
        await session.sign_in(TENANT, USER, secret(running.home, "legacy"))
        bare = partial(session.page, stages(calls))
        yield Sides(
            old=Side(f"old side, {COURSES} courses", page, partial(ready, meter, page, both.old)),
            bare=Side("the same calls, bare", bare, partial(ready, meter, bare, session.renew)),
            single=Side("old side, 1 course", single, partial(ready, meter, single)),
            new=Side(f"new side, {COURSES} courses", page, partial(ready, meter, page, both.new)),
        )
    finally:
        await learner.close()
        await session.close()


async def ready(meter: Meter, work: Work, first: Work = nothing) -> None:
    await first()
    await meter.warm(work)


async def compare(running: System, callers: int, seconds: float, rounds: int) -> Sides:
    meter = Meter.of(running, callers, seconds)
    async with ways(meter, running) as sides:
        await take_turns(sides.all(), rounds, meter.measure)
    if not sides.are_apart:
        raise click.ClickException("Somebody else uses this system: both sides were asked at once.")
    return sides


@click.command(help=__doc__)
@click.option("--callers", default=4, show_default=True, help="Pages asked for at once.")
@click.option("--seconds", default=1.0, show_default=True, help="How long each round takes.")
@click.option("--rounds", default=5, show_default=True, help="Rounds of each, in turns.")
@report.json_option
def main(callers: int, seconds: float, rounds: int, as_json: bool) -> None:
    try:
        with system() as running, flags_kept(running.home):
            sides = uvloop.run(compare(running, callers, seconds, rounds))
    except (BadAnswer, UpstreamError) as failed:
        raise click.ClickException(f"{failed}\nFewer --callers may do.") from failed
    tell(sides, callers)
    report.end(figures(sides, callers), as_json)


if __name__ == "__main__":
    main()
