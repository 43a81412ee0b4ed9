"""Runs the feeder: `python -m legacy.feeder [--only api|relay|projector]`; the mirror projects."""

import os
import sys
from collections.abc import Mapping

import asyncpg
import uvloop

from legacy.feeder.service import Addresses, feeder
from services.events.kafka.address import kafka_of
from services.events.process import TakenPort, run
from services.events.role import Role, roles_of
from services.kit.clock import SystemClock
from services.kit.home import NotRunning
from services.kit.log import start_logging
from services.kit.ports import port_of
from services.kit.redaction import Redaction
from services.kit.settings import BadSetting, Settings, url_of
from services.kit.signed_only import SignedOnly
from services.kit.signing import CallKeys, Signer, Verifier
from services.kit.telemetry import start_telemetry
from services.storage.address import database_url, redis_url

NAME = "feeder"
MONOLITH_DATABASE = "MONOLITH_DATABASE_URL"


def addresses(settings: Settings, environ: Mapping[str, str]) -> Addresses:
    """Raises BadSetting or NotRunning."""
    return Addresses(
        database=environ.get(MONOLITH_DATABASE) or database_url("monolith", environ),
        redis=redis_url(environ),
        monolith=url_of(settings, "monolith"),
        secret=settings.legacy_secret,
        progress=url_of(settings, "progress"),
        kafka=kafka_of(environ),
        signer=Signer.of(settings, NAME),
    )


async def serve(at: Addresses, settings: Settings, roles: frozenset[Role]) -> None:
    clock, port = SystemClock(), port_of(NAME, settings.port)
    verifier = Verifier(CallKeys.of(settings), clock)
    async with feeder(at, clock) as made:
        await run(SignedOnly(made.app, verifier), port, made.duties, clock, roles)


def main() -> None:
    roles = roles_of("python -m legacy.feeder", sys.argv[1:])
    try:
        settings = Settings.read(os.environ)
        start_logging(settings.log_level)
        at = addresses(settings, os.environ)
    except (BadSetting, NotRunning) as wrong:
        sys.exit(f"{NAME}: {wrong}")
    stop_telemetry = start_telemetry(NAME, os.environ)
    try:
        uvloop.run(serve(at, settings, roles))
    except TakenPort as taken:
        sys.exit(f"{NAME}: {taken}")
    except (OSError, asyncpg.PostgresError) as failed:
        said = f"{NAME}: the monolith's database does not answer: {failed}"
        sys.exit(Redaction(os.environ)(said))
    finally:
        stop_telemetry()


if __name__ == "__main__":
    main()
