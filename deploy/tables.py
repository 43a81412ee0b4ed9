"""Makes the monolith's database, brings its tables up to date, and fills them the first time."""

import sys
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from deploy.crew import Crew
from deploy.environ import MONOLITH_DATABASE
from deploy.terminal import Terminal
from services.storage.embedded import Command
from services.storage.server import create_database


async def bring_up_to_date(
    server_url: str, environ: Mapping[str, str], crew: Crew, terminal: Terminal
) -> None:
    with terminal.step("Bringing the monolith's tables up to date", "Tables are up to date"):
        await create_database(server_url, MONOLITH_DATABASE)
        await crew.run(_module("migrate", environ))


async def fill_when_empty(
    database_url: str, environ: Mapping[str, str], crew: Crew, terminal: Terminal
) -> None:
    """Writes the sample's tenants when there is no tenant at all."""
    if await _has_tenants(database_url):
        return
    with terminal.step("Writing the sample's tenants", "Sample is written", spins=False):
        await crew.show(_module("sample", environ))


def _module(name: str, environ: Mapping[str, str]) -> Command:
    argv = (sys.executable, "-m", f"legacy.monolith.{name}")
    return Command(name, argv, Path.cwd(), environ)


async def _has_tenants(database_url: str) -> bool:
    connection = await asyncpg.connect(database_url)
    try:
        return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM tenants)"))
    finally:
        await connection.close()
