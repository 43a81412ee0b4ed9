"""A dashboard through a watched gateway, known and never seen, beside its upstream calls alone."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from bench import report
from bench.dashboard import Both
from bench.host import load
from bench.learner import Learner, token
from bench.lever import Lever
from bench.lone_gateway import LEARNER, LoneGateway, lone_gateway
from bench.measure import measure
from bench.sides import Round, Side
from bench.system import System
from bench.upstream_calls import Made, make, stages
from flags import names
from services.kit.signing import Signer
from services.kit.transport import HttpTransport

WARM, COLD, BARE = "known", "never seen", "its upstream calls, bare"
SETTLES_WITHIN_S = 30.0
LOOK_EVERY_S = 0.1
OTHER = {
    names.Side.LEGACY: {"assessment", "progress", "live_class"},
    names.Side.SERVICE: {"legacy"},
}
"""Who is not asked by a page of one side."""


@dataclass(frozen=True, slots=True)
class Measured:
    """By side of the platform: a page that is known, one that never was, and their calls alone."""

    sides: Mapping[names.Side, Mapping[str, Side]]
    calls: Mapping[names.Side, int]
    stacks: Mapping[str, int]
    loads: tuple[float, float]


async def measured(running: System, seconds: float, rounds: int) -> Measured:
    before = load()
    sides: dict[names.Side, Mapping[str, Side]] = {}
    calls: dict[names.Side, int] = {}
    stacks: Mapping[str, int] = {}
    learner = Learner(
        running.at.gateway, token(running.home, running.settings, LEARNER.tenant, LEARNER.user)
    )
    both = Both(learner, Lever.of(running, LEARNER.tenant))
    with tempfile.TemporaryDirectory(prefix="banyan-bench-") as folder:
        async with lone_gateway(running, Path(folder)) as gateway:
            await both.become_equal()
            for side, turn in ((names.Side.LEGACY, both.old), (names.Side.SERVICE, both.new)):
                await turn()
                made = await _settled(gateway, side)
                calls[side] = len(made)
                sides[side] = await _turns(running, gateway, made, seconds, rounds)
            stacks = await _sampled(gateway, seconds * rounds)
    await learner.close()
    return Measured(sides, calls, stacks, (before, load()))


async def _settled(gateway: LoneGateway, side: names.Side) -> Sequence[Made]:
    """The calls of a page, once it makes them on this side alone and as many twice."""
    before = -1
    try:
        async with asyncio.timeout(SETTLES_WITHIN_S):
            while True:
                gateway.calls()
                await _whole(gateway.warm())
                made = gateway.calls()
                is_apart = OTHER[side].isdisjoint(one.upstream for one in made)
                if is_apart and len(made) == before:
                    return made
                before = len(made) if is_apart else -1
                await asyncio.sleep(LOOK_EVERY_S)
    except TimeoutError as never:
        raise click.ClickException(f"The gateway does not turn to {side.value}.") from never


async def _whole(page: Awaitable[bytes]) -> None:
    answer = await page
    if b'"errors"' in answer:
        raise click.ClickException(f"The page has errors: {answer[:300].decode()}")


async def _turns(
    running: System, gateway: LoneGateway, made: Sequence[Made], seconds: float, rounds: int
) -> Mapping[str, Side]:
    connections = running.settings.service_connections
    signer = Signer.of(replace(running.settings, home=running.home), "gateway")
    transports = {
        False: HttpTransport(connections),
        True: HttpTransport(connections, signer=signer),
    }
    bare = partial(make, stages(made), transports)
    ways: list[tuple[Side, Callable[[], float]]] = [
        (Side(WARM, gateway.warm), gateway.cpu_ms),
        (Side(COLD, gateway.cold), gateway.cpu_ms),
        (Side(BARE, bare), lambda: time.process_time() * 1e3),
    ]
    try:
        await _take_turns(ways, seconds, rounds)
    finally:
        for transport in transports.values():
            await transport.close()
    return {side.name: side for side, _ in ways}


async def _take_turns(
    ways: Sequence[tuple[Side, Callable[[], float]]], seconds: float, rounds: int
) -> None:
    """One page at a time: the CPU of whoever makes it, divided by their number."""
    with report.progress() as bar:
        task = bar.add_task("Measuring", total=rounds * len(ways))
        for _ in range(rounds):
            for side, cpu_ms in ways:
                began_ms = cpu_ms()
                found = await measure(side.work, 1, seconds)
                side.rounds.append(Round(found, (cpu_ms() - began_ms) / found.count))
                bar.advance(task)


async def _sampled(gateway: LoneGateway, seconds: float) -> Mapping[str, int]:
    gateway.start()
    await measure(gateway.warm, 1, seconds)
    return gateway.stop()
