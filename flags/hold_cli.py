"""`banyan flags hold` and `release`: an operator's own rollback, in all gateways within seconds."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

from flags.change import BadChange, known_capability
from flags.history import note
from services.kit.cli import settings_from_environ

if TYPE_CHECKING:
    from flags.fleet import Fleet, Shared
    from flags.hold import Hold
    from flags.rollback import Pace, State

T = TypeVar("T")
Change = Callable[["State | None", "Shared"], "State"]
PATIENT_S = 5.0


@click.command()
@click.argument("capability")
@click.option("--why", required=True, help="Said wherever somebody asks; no names of people.")
def hold(capability: str, why: str) -> None:
    """Roll CAPABILITY back, until it is released.

    Whoever has begun an attempt at the service stays there.
    """
    from flags.rollback import NEVER, held

    pace = _pace()
    _change(capability, lambda old, all_: held(old or NEVER, all_.now_s, why, pace, by_hand=True))
    note(settings_from_environ().home, capability, "held", why)
    click.echo(f"{capability} is held: {why}")


@click.command()
@click.argument("capability")
@click.option("--now", is_flag=True, help="For everybody at once, instead of step by step.")
def release(capability: str, now: bool) -> None:
    """Let CAPABILITY back to its service, whoever has held it."""
    from flags.rollback import tried

    pace = _pace()
    percent = 100 if now else pace.probe

    def released(old: "State | None", all_: "Shared") -> "State":
        if old is None or old.percent == 100:
            raise click.ClickException(f"{capability} is not held.")
        return tried(old, all_.now_s, percent, all_.seen(capability).total)

    _change(capability, released)
    note(settings_from_environ().home, capability, f"released to {percent} %")
    click.echo(f"{capability} is let back: {percent} %")


def in_force() -> "dict[str, Hold]":
    """What is held, by the capability's name; nothing where that cannot be asked."""
    from flags.fleet import Away

    async def holds(fleet: "Fleet") -> "dict[str, Hold]":
        states = (await fleet.exchange({}, {})).states
        held = {name: state.hold(name) for name, state in states.items()}
        return {name: one for name, one in held.items() if one is not None}

    try:
        return asyncio.run(_in_redis(holds))
    except (Away, click.ClickException):
        return {}


def _change(capability: str, change: Change) -> None:
    from flags.fleet import Away

    try:
        known_capability(capability)
        asyncio.run(_in_redis(lambda fleet: _changed(fleet, capability, change)))
    except BadChange as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except Away as away:
        raise click.ClickException(f"Redis, where it is kept, cannot be asked: {away}") from away


async def _changed(fleet: "Fleet", capability: str, change: Change) -> None:
    """Again where a gateway changed it meanwhile."""
    while True:
        shared = await fleet.exchange({}, {})
        old = shared.states.get(capability)
        new = change(old, shared)
        if await fleet.change(capability, old, new):
            await fleet.record(new.incident(capability))
            return


async def _in_redis(does: "Callable[[Fleet], Awaitable[T]]") -> T:
    from flags.redis_fleet import RedisFleet
    from services.kit.redis import redis_of

    redis = redis_of(_redis_url(), socket_connect_timeout=PATIENT_S)
    try:
        return await does(RedisFleet(redis, answer_s=PATIENT_S))
    finally:
        await redis.aclose()


def _redis_url() -> str:
    from services.kit.home import NotRunning, running

    try:
        return os.environ.get("REDIS_URL") or running(settings_from_environ().home).redis
    except NotRunning as missing:
        raise click.ClickException(str(missing)) from missing


def _pace() -> "Pace":
    """As the gateways' settings say."""
    from flags.rollback import Pace

    settings = settings_from_environ()
    return Pace.of(settings.rollback_hold_s, settings.rollback_step_s)
