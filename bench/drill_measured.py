"""Rehearses a rollback: a service fails for a while, as learners of a drill's own go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import click

from bench.campus import Campus, at_the_monolith, write
from bench.candidate import Bearers, assessment_id
from bench.drill_learner import Learner
from bench.drill_watch import Moment, Watch
from bench.lever import flags_kept, place
from bench.service_side import ServiceSide
from bench.system import System
from bench.way_in import Door
from flags.names import CAPABILITIES, Capability, Side
from gateway.identity.issuer import DemoIssuer
from gateway.strangling.metering import REST, capabilities_of
from legacy.monolith import seed
from services.contracts.ids import Kind, encode
from services.contracts.status import RouteMode
from services.kit import rehearsal
from services.kit.clock import SystemClock
from services.kit.rehearsal import Fault
from services.kit.settings import Settings, url_of

AT_ONCE = 8
PAUSE_S = 0.05
BEFORE_S, AFTER_S = 2.0, 3.0
"""All is well for so long at first; so long the service stays sick once it was rolled back."""
ROLLED_BACK_WITHIN_S = 10.0
GIVES_UP_S = 20.0
ARRIVES_WITHIN_S = 20.0
LESSONS = 8
ALL = tuple(CAPABILITIES.values())
OPEN = frozenset({RouteMode.SERVICE, RouteMode.CANARY})


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """Seconds from the first fault; None for what did not come about.

    `lost` was acknowledged and is not there; `doubled` and `moved` are attempts.
    """

    capability: Capability
    percent: int
    moments: list[Moment]
    rolled_back_s: float | None
    back_s: float | None
    acknowledged: int
    sent_again: int
    lost: int
    doubled: int
    moved: int

    @property
    def passed(self) -> bool:
        in_time = self.rolled_back_s is not None and self.rolled_back_s <= ROLLED_BACK_WITHIN_S
        return in_time and self.back_s is not None and not (self.lost + self.doubled + self.moved)


async def rehearse(
    running: System, capability: Capability, percent: int, campus: Campus, patience_s: float
) -> Rehearsed:
    """All that the campus does goes to the services; flags are afterwards as they were."""
    door = Door(running.at.gateway, AT_ONCE)
    watch = Watch(running.at.gateway, capability.name)
    fault = fault_of(running.settings, capability, percent)
    with flags_kept(running.home, ALL):
        learners = await _prepared(running, campus, door)
        async with _learning(learners):
            rolled_back_s = await _failed(running, watch, fault)
            back_s = rolled_back_s and await watch.until(
                OPEN.__contains__, patience_s, "Waiting until all are back"
            )
        judged = await _judged(learners)
    await door.close()
    await watch.close()
    return Rehearsed(capability, percent, watch.moments, rolled_back_s, back_s, *judged)


def fault_of(settings: Settings, capability: Capability, percent: int) -> Fault:
    """Raises ClickException for a capability whose service is not asked."""
    addresses = [at for at, name in capabilities_of(settings).items() if name == capability.name]
    until = SystemClock().now() + timedelta(seconds=BEFORE_S + GIVES_UP_S + AFTER_S)
    for service, _, _ in REST:
        url = url_of(settings, service)
        paths = {at.removeprefix(url) for at in addresses if at.startswith(url)}
        if paths:
            return Fault(service, frozenset(paths), percent, until)
    raise click.ClickException(f"No service is asked for {capability.name}: there is no drill.")


async def _failed(running: System, watch: Watch, fault: Fault) -> float | None:
    """Seconds until it was rolled back; the service is well again when this returns."""
    await asyncio.sleep(BEFORE_S)
    fault.begin(running.home)
    watch.begin(f"{fault.percent} % of the calls to {fault.service} fail")
    try:
        rolled_back_s = await watch.until(
            lambda mode: mode is RouteMode.ROLLED_BACK, GIVES_UP_S, "Waiting for the rollback"
        )
        await asyncio.sleep(AFTER_S)
    finally:
        rehearsal.end(running.home)
    watch.note(f"{fault.service} is well again")
    return rolled_back_s


async def _prepared(running: System, campus: Campus, door: Door) -> list[Learner]:
    """Each has begun an attempt at the service."""
    await write(running, [campus])
    lessons = await _lessons(running, campus)
    await place(running, {campus.tenant: Side.SERVICE}, ALL)
    service = await ServiceSide.of(running)
    await service.await_known([campus])
    await service.close()
    learners = [_learner(running, campus, user, door, lessons) for user in campus.users]
    await asyncio.gather(*[one.begin() for one in learners])
    return learners


async def _lessons(running: System, campus: Campus) -> list[str]:
    """Behind the quiz of its only course."""
    db = await at_the_monolith(running)
    about = db, campus.tenant, 1
    module = await seed.content(*about, "module", "Week 1")
    body = {"type": "TEXT"}
    ids = [
        await seed.content(*about, "lesson", f"Lesson {number}", body, module)
        for number in range(LESSONS)
    ]
    await db.close()
    return [encode(Kind.LESSON, campus.tenant, one) for one in ids]


def _learner(running: System, campus: Campus, user: int, door: Door, lessons: list[str]) -> Learner:
    settings = running.settings
    issuer = DemoIssuer(running.home, settings.token_issuer, settings.token_audience)
    [quiz] = campus.quizzes_of(user)
    bearer = Bearers(issuer).of(campus.tenant, user)
    return Learner(door, bearer, assessment_id(campus.tenant, quiz), lessons)


@asynccontextmanager
async def _learning(learners: list[Learner]) -> AsyncIterator[None]:
    """Some at once, all in turn."""
    is_over = asyncio.Event()

    async def go_on(first: int) -> None:
        while not is_over.is_set():
            for learner in learners[first::AT_ONCE]:
                await learner.act()
                await asyncio.sleep(PAUSE_S)

    async with asyncio.TaskGroup() as work:
        for first in range(min(AT_ONCE, len(learners))):
            work.create_task(go_on(first))
        try:
            yield
        finally:
            is_over.set()


async def _judged(learners: list[Learner]) -> tuple[int, int, int, int, int]:
    """Once what is projected has arrived, or should have."""
    ends_s = SystemClock().monotonic_s() + ARRIVES_WITHIN_S
    while True:
        kept = await asyncio.gather(*[one.kept() for one in learners])
        lost = sum(has.lacks(one) for one, has in zip(learners, kept, strict=True))
        if not lost or SystemClock().monotonic_s() > ends_s:
            break
        await asyncio.sleep(1)
    return (
        sum(one.saved + one.completed for one in learners),
        sum(one.sent_again for one in learners),
        lost,
        sum(has.attempts > 1 for has in kept),
        sum(not has.is_there for has in kept),
    )
