"""Runs analytics until it is told to stop, where a record store is named."""

import asyncio
import os
import signal
from collections.abc import Mapping

import uvloop

from services.analytics.migrate import APP
from services.analytics.record_store import Door
from services.analytics.service import Addresses, analytics
from services.events.duty import keep_all
from services.kit.clock import SystemClock
from services.kit.log import start_logging
from services.kit.settings import BadSetting, Settings, url_of
from services.kit.signing import Signer
from services.kit.telemetry import start_telemetry
from services.storage.address import database_url, redis_url

URL, KEY, SECRET, HOME_PAGE = "LRS_URL", "LRS_KEY", "LRS_SECRET", "LRS_HOME_PAGE"
NO_HOME = "https://banyan.invalid"
FEEDS = {"legacy": "feeder", "assessment": "assessment", "progress": "progress"}


def addresses(settings: Settings, environ: Mapping[str, str]) -> Addresses:
    """Raises BadSetting or NotRunning."""
    if not environ.get(URL):
        raise BadSetting(f"{URL} names no learning record store: there is nobody to tell.")
    return Addresses(
        database_url(APP, environ),
        redis_url(environ),
        {source: url_of(settings, process) for source, process in FEEDS.items()},
        environ.get(HOME_PAGE, NO_HOME).rstrip("/"),
        Door(environ[URL], environ.get(KEY, ""), environ.get(SECRET, "")),
        Signer.of(settings, APP),
    )


def read(environ: Mapping[str, str]) -> Addresses:
    """Starts the log, too; raises BadSetting or NotRunning."""
    settings = Settings.read(environ)
    start_logging(settings.log_level)
    return addresses(settings, environ)


def run(at: Addresses) -> None:
    """Returns after SIGTERM or SIGINT."""
    stop_telemetry = start_telemetry(APP, os.environ)
    try:
        uvloop.run(serve(at))
    finally:
        stop_telemetry()


async def serve(at: Addresses) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with analytics(at, SystemClock()) as duties, asyncio.TaskGroup() as work:
        working = work.create_task(keep_all(duties, SystemClock()), name="duties")
        await told.wait()
        working.cancel()
