"""The local system, started in order: the stores, everybody's tables, then the processes."""

import os
from dataclasses import dataclass
from pathlib import Path

from deploy import ports, processes, procfile, tables
from deploy.crew import Crew
from deploy.environ import FEEDER, MONOLITH, Addresses, Environ
from deploy.stores import Stores, embedded
from deploy.terminal import Terminal
from deploy.welcome import demo_tokens, welcome
from services.kit.home import Running
from services.kit.ports import PORTS, port_of
from services.kit.settings import Settings
from services.storage.secret import secret

OF_THE_MONOLITH = {MONOLITH, FEEDER}
"""Processes that belong to the monolith of this repository, not to one that somebody else runs."""


@dataclass(frozen=True, slots=True)
class Options:
    procfile: Path
    is_empty: bool
    """No sample's tenants."""
    ready_within_s: float


class Stack:
    def __init__(self, settings: Settings, options: Options, terminal: Terminal) -> None:
        self.home = settings.home.absolute()
        self._settings = settings
        self._options = options
        self._terminal = terminal
        not_ours = OF_THE_MONOLITH if settings.legacy_url else set()
        self._processes = [
            process for process in procfile.read(options.procfile) if process.name not in not_ours
        ]

    def check_ports(self) -> None:
        """Raises PortTaken unless all ports of the table are free that servers of ours need."""
        foreign = {"postgres", "valkey"} - set(embedded(os.environ))
        if self._settings.legacy_url:
            foreign |= OF_THE_MONOLITH
        ours = [role for role in PORTS if role not in foreign]
        ports.check_free(self._settings.port, ours)

    async def start(self, crew: Crew) -> None:
        """Returns when everything answers and the way in has been shown."""
        environ = self._environ(*await self._start_stores(crew))
        await self._prepare_tables(environ, crew)
        await self._start_processes(environ, crew)
        at = environ.addresses
        # Without the sample there is nobody whom a token could name.
        has_sample = not self._options.is_empty
        tokens = await demo_tokens(crew, environ.of("gateway")) if has_sample else {}
        welcome(self._terminal, at.gateway, self.home, tokens, self._realtime())
        Running(os.getpid(), at.gateway, at.monolith, at.database, at.redis).write(self.home)

    def _realtime(self) -> str:
        """Where sockets and streams are served, where that is not at the gateway's port."""
        port = port_of(processes.REALTIME, self._settings.port)
        return f"http://127.0.0.1:{port}" if self._settings.realtime_workers else ""

    async def _start_stores(self, crew: Crew) -> tuple[str, str]:
        within_s = self._options.ready_within_s
        servers = Stores(self.home, self._settings.port, os.environ, crew, within_s)
        with self._terminal.step("Starting PostgreSQL", "PostgreSQL answers"):
            database = await servers.database()
        with self._terminal.step("Starting Valkey", "Valkey answers"):
            redis = await servers.redis()
        return database, redis

    def _environ(self, database: str, redis: str) -> Environ:
        base = self._settings.port
        monolith_port = port_of(MONOLITH, base)
        addresses = Addresses(
            gateway=f"http://127.0.0.1:{base}",
            monolith=self._settings.legacy_url or f"http://127.0.0.1:{monolith_port}",
            database=database,
            redis=redis,
        )
        legacy_secret = self._settings.legacy_secret or secret(self.home, "legacy")
        return Environ(
            os.environ, self.home, self._settings, addresses, legacy_secret, monolith_port
        )

    async def _prepare_tables(self, environ: Environ, crew: Crew) -> None:
        apps = [process.name for process in self._processes]
        with self._terminal.step("Bringing tables up to date", "Tables are up to date"):
            await tables.bring_up_to_date(environ, apps, crew)
        if MONOLITH in apps and not self._options.is_empty:
            own = environ.of(MONOLITH)
            await tables.fill_when_empty(own["MONOLITH_DATABASE_URL"], own, crew, self._terminal)

    async def _start_processes(self, environ: Environ, crew: Crew) -> None:
        commands = processes.commands(self._processes, environ)
        names = ", ".join(process.name for process in self._processes)
        with self._terminal.step(f"Starting {names}", f"Ready: {names}"):
            await processes.start(commands, crew, self._settings.port, self._options.ready_within_s)
