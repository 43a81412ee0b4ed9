"""Runs the live class service: `python -m services.live_class [--only api|relay|projector]`."""

import os
import sys

import uvloop

from services.events.process import TakenPort, run
from services.events.role import Role, roles_of
from services.kit.clock import SystemClock
from services.kit.home import NotRunning
from services.kit.log import start_logging
from services.kit.ports import port_of
from services.kit.settings import BadSetting, Settings, url_of
from services.kit.telemetry import start_telemetry
from services.live_class.migrate import APP
from services.live_class.service import Addresses, service
from services.storage.address import database_url, redis_url


async def serve(at: Addresses, port: int, roles: frozenset[Role]) -> None:
    clock = SystemClock()
    async with service(at, clock) as made:
        await run(made.app, port, made.duties, clock, roles)


def main() -> None:
    roles = roles_of("python -m services.live_class", sys.argv[1:])
    try:
        settings = Settings.read(os.environ)
        start_logging(settings.log_level)
        database, redis = database_url(APP, os.environ), redis_url(os.environ)
        at = Addresses(database, redis, url_of(settings, "feeder"))
    except (BadSetting, NotRunning) as wrong:
        sys.exit(f"{APP}: {wrong}")
    stop_telemetry = start_telemetry(APP, os.environ)
    try:
        uvloop.run(serve(at, port_of(APP, settings.port), roles))
    except TakenPort as taken:
        sys.exit(f"{APP}: {taken}")
    finally:
        stop_telemetry()


if __name__ == "__main__":
    main()
