"""Serves the monolith: `python -m legacy.monolith`."""

import os
import sys

import asyncpg
import uvicorn
import uvloop

from legacy.monolith import database
from legacy.monolith.app import application
from legacy.monolith.clock import SystemClock
from legacy.monolith.parts import Parts
from legacy.monolith.settings import BadSetting, Settings
from legacy.monolith.telemetry import provider


async def serve(settings: Settings) -> None:
    traces = provider()
    try:
        async with database.pool(settings.database_url, settings.workers) as pool:
            app = application(Parts.of(settings, SystemClock(), pool), traces)
            config = uvicorn.Config(app, settings.host, settings.port, log_level="info")
            await uvicorn.Server(config).serve()
    finally:
        if traces is not None:
            traces.shutdown()


def main() -> None:
    try:
        uvloop.run(serve(Settings.read(os.environ)))
    except BadSetting as wrong:
        sys.exit(str(wrong))
    except (OSError, asyncpg.PostgresError) as failed:
        sys.exit(f"The monolith cannot reach its database: {failed}")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
