"""What every service's `__main__` does: reads settings, runs, and says in a sentence why not."""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import asyncpg
import uvloop
from starlette.types import ASGIApp

from services.events.process import TakenPort, run
from services.events.role import Role, roles_of
from services.events.service import Service
from services.kit.clock import Clock, SystemClock
from services.kit.home import NotRunning
from services.kit.log import start_logging
from services.kit.ports import port_of
from services.kit.redaction import Redaction
from services.kit.rehearsal import Rehearsing
from services.kit.settings import BadSetting, Settings
from services.kit.signed_only import SignedOnly
from services.kit.signing import CallKeys, Verifier
from services.kit.telemetry import start_telemetry

T = TypeVar("T")


def run_service(
    name: str,
    addresses_of: Callable[[Settings, Mapping[str, str]], T],
    service: Callable[[T, Clock], AbstractAsyncContextManager[Service]],
) -> None:
    """`addresses_of` may raise BadSetting or NotRunning; the module is `services.{name}`."""
    roles = roles_of(f"python -m services.{name}", sys.argv[1:])
    try:
        settings = Settings.read(os.environ)
        start_logging(settings.log_level)
        at = addresses_of(settings, os.environ)
    except (BadSetting, NotRunning) as wrong:
        sys.exit(f"{name}: {wrong}")
    stop_telemetry = start_telemetry(name, os.environ)
    try:
        uvloop.run(_serve(name, service, at, settings, roles))
    except TakenPort as taken:
        sys.exit(f"{name}: {taken}")
    except (OSError, asyncpg.PostgresError) as failed:
        sys.exit(Redaction(os.environ)(f"{name}: its database does not answer: {failed}"))
    finally:
        stop_telemetry()


async def _serve(
    name: str,
    service: Callable[[T, Clock], AbstractAsyncContextManager[Service]],
    at: T,
    settings: Settings,
    roles: frozenset[Role],
) -> None:
    clock = SystemClock()
    async with service(at, clock) as made:
        app: ASGIApp = made.app
        if settings.takes_drills:
            app = Rehearsing(app, name, settings.home, clock)
        door = SignedOnly(made.around(app), Verifier(CallKeys.of(settings), clock))
        await run(door, port_of(name, settings.port), made.duties, clock, roles)
