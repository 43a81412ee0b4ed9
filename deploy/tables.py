"""Makes each app's database, brings its tables up to date, and fills the monolith's at first."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg

from deploy.crew import Crew
from deploy.environ import MONOLITH_DATABASE, Environ
from deploy.terminal import Terminal
from services.storage.embedded import Command
from services.storage.server import create_database

PACKAGES = {
    "monolith": "legacy.monolith",
    "progress": "services.progress",
    "live_class": "services.live_class",
    "assessment": "services.assessment",
}
"""Who keeps tables, by process."""


async def bring_up_to_date(environ: Environ, apps: Sequence[str], crew: Crew) -> None:
    """Each app's own tables, all apps at once."""
    await create_database(environ.addresses.database, MONOLITH_DATABASE)
    migrations = [_module(app, "migrate", environ.of(app)) for app in apps if app in PACKAGES]
    await asyncio.gather(*[crew.run(migration) for migration in migrations])


async def fill_when_empty(
    database_url: str, environ: Mapping[str, str], crew: Crew, terminal: Terminal
) -> None:
    """Writes the sample's tenants when there is no tenant at all."""
    if await _has_tenants(database_url):
        return
    with terminal.step("Writing the sample's tenants", "Sample is written", spins=False):
        await crew.show(_module("monolith", "sample", environ))


def _module(app: str, name: str, environ: Mapping[str, str]) -> Command:
    argv = (sys.executable, "-m", f"{PACKAGES[app]}.{name}")
    return Command(f"{app}.{name}", argv, Path.cwd(), environ)


async def _has_tenants(database_url: str) -> bool:
    connection = await asyncpg.connect(database_url)
    try:
        return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM tenants)"))
    finally:
        await connection.close()
