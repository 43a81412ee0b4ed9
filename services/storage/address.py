"""Where an app's own database and Redis are: as the environment says, or what runs here."""

import re
from collections.abc import Mapping

from services.kit.home import running
from services.kit.settings import Settings
from services.storage.server import with_database

DATABASE, REPLICAS, REDIS = "DATABASE_URL", "DATABASE_READ_URL", "REDIS_URL"
BETWEEN = re.compile(r",(?=postgres(?:ql)?://)")
"""What parts addresses; a comma inside one parts its servers."""


def server_url(environ: Mapping[str, str]) -> str:
    """Raises BadSetting, or NotRunning when no server is named and none runs here."""
    return environ.get(DATABASE) or running(Settings.read(environ).home).database


def redis_url(environ: Mapping[str, str]) -> str:
    """Raises as server_url() does."""
    return environ.get(REDIS) or running(Settings.read(environ).home).redis


def database_of(app: str) -> str:
    return f"banyan_{app}"


def database_url(app: str, environ: Mapping[str, str]) -> str:
    """Raises as server_url() does."""
    return with_database(server_url(environ), database_of(app))


def replica_urls(app: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The app's database at each replica that DATABASE_READ_URL names."""
    given = environ.get(REPLICAS, "")
    return tuple(with_database(one, database_of(app)) for one in BETWEEN.split(given) if one)
