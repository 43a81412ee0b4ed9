"""Where an app's own database and Redis are: as the environment says, or what runs here."""

from collections.abc import Mapping

from services.kit.home import running
from services.kit.settings import Settings
from services.storage.server import with_database

DATABASE, REDIS = "DATABASE_URL", "REDIS_URL"


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
