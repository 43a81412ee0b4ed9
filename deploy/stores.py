"""Starts PostgreSQL and Valkey, unless DATABASE_URL or REDIS_URL names one that runs already."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from deploy import ready
from deploy.crew import Crew
from services.kit.ports import port_of
from services.storage.postgres import Postgres
from services.storage.server import database_refuses, place_of, redis_refuses
from services.storage.valkey import Valkey

DATABASE = "DATABASE_URL"
REDIS = "REDIS_URL"
FOREIGN_WITHIN_S = 10.0


def embedded(environ: Mapping[str, str]) -> list[str]:
    """The roles in the table of ports that we start ourselves."""
    return [
        role
        for role, setting in (("postgres", DATABASE), ("valkey", REDIS))
        if not environ.get(setting)
    ]


class Stores:
    def __init__(
        self, home: Path, base: int, environ: Mapping[str, str], crew: Crew, within_s: float
    ) -> None:
        self._home = home
        self._base = base
        self._environ = environ
        self._crew = crew
        self._within_s = within_s
        self._foreign_within_s = min(within_s, FOREIGN_WITHIN_S)

    async def database(self) -> str:
        """The address of a PostgreSQL that answers."""
        if url := self._environ.get(DATABASE):
            refuses = partial(database_refuses, url)
            await ready.foreign(DATABASE, place_of(url), refuses, self._foreign_within_s)
            return url
        server = Postgres(self._home, port_of("postgres", self._base))
        keeper = self._crew.keep(await server.prepare(self._crew.run))
        await ready.kept(keeper, partial(database_refuses, server.url), self._within_s)
        return server.url

    async def redis(self) -> str:
        """The address of a Valkey that answers."""
        if url := self._environ.get(REDIS):
            refuses = partial(redis_refuses, url)
            await ready.foreign(REDIS, place_of(url), refuses, self._foreign_within_s)
            return url
        server = Valkey(self._home, port_of("valkey", self._base))
        keeper = self._crew.keep(server.prepare())
        await ready.kept(keeper, partial(redis_refuses, server.url), self._within_s)
        return server.url
