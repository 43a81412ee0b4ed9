"""The embedded PostgreSQL: its data, and the command that serves them."""

import os
import shutil
from importlib.metadata import version
from pathlib import Path

import psutil

from services.storage import postgres_place
from services.storage.embedded import Command, EmbeddedError, Run
from services.storage.postgres_place import PACKAGE
from services.storage.secret import path_of, secret, write_private

USER = "postgres"
# The built-in locale sorts alike on every system; LC_ALL keeps macOS's postmaster single-threaded.
ENVIRON = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8")


class OtherVersion(EmbeddedError):
    """The data were written by another major version."""


class LostPassword(EmbeddedError):
    """The data are there, the file with their password is not."""


class Postgres:
    """One server on 127.0.0.1, without a socket file, with a random password."""

    def __init__(self, home: Path, port: int) -> None:
        self._home = home
        self._port = port
        self._account = postgres_place.account()
        self._folder = postgres_place.folder(home, self._account)
        self._data = self._folder / "data"
        self._password = self._read_password()

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self._port}/postgres"

    async def prepare(self, run: Run) -> Command:
        """Makes the data folder when there is none; gives the command that serves it."""
        programs = postgres_place.programs(self._folder, self._account)
        if self._has_data():
            self._check_version()
            self._forget_dead_lock()
        else:
            await self._make_data(programs, run)
        return self._command("postgres", programs / "postgres", *self._options())

    def _options(self) -> tuple[str, ...]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "wal_level": "logical",
            "max_connections": "200",
            "fsync": "on",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Else a row that is refused stands in the log with all that somebody wrote.
            "log_error_verbosity": "terse",
        }
        given = (f"--{name.replace('_', '-')}={value}" for name, value in settings.items())
        return ("-D", str(self._data), *given)

    def _command(self, name: str, program: Path, *arguments: str) -> Command:
        return Command(name, (str(program), *arguments), self._folder, ENVIRON, self._account)

    def _read_password(self) -> str:
        kept = path_of(self._home, USER)
        if self._has_data() and not kept.exists():
            raise LostPassword(
                f"{kept}, the password of {self._data}, is gone: "
                f"put it back, or remove {self._home} to start anew."
            )
        return secret(self._home, USER)

    def _has_data(self) -> bool:
        return self._data.is_dir()

    def _check_version(self) -> None:
        written_by = (self._data / "PG_VERSION").read_text().strip()
        ours = version(PACKAGE).partition(".")[0]
        if written_by != ours:
            raise OtherVersion(
                f"{self._data} was written by PostgreSQL {written_by}, this is {ours}: "
                f"move it over with pg_dump, or remove {self._home} to start anew."
            )

    def _forget_dead_lock(self) -> None:
        # After a crash its process number may be anybody's, and PostgreSQL would not start.
        lock = self._data / "postmaster.pid"
        if lock.exists() and not _is_postgres(int(lock.read_text().split()[0])):
            lock.unlink()

    async def _make_data(self, programs: Path, run: Run) -> None:
        # Renamed into place when complete: a half made folder has a PG_VERSION too.
        unfinished = self._folder / "data.new"
        password_file = self._folder / "password.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        write_private(password_file, self._password)
        try:
            self._hand_over(unfinished, password_file)
            arguments = ("-D", str(unfinished), f"--pwfile={password_file}", f"--username={USER}")
            how = ("--auth=scram-sha-256", *LOCALE)
            await run(self._command("initdb", programs / "initdb", *arguments, *how))
        finally:
            password_file.unlink()
        unfinished.replace(self._data)

    def _hand_over(self, *paths: Path) -> None:
        if self._account is not None:
            for path in paths:
                os.chown(path, self._account.uid, self._account.gid)


def _is_postgres(pid: int) -> bool:
    try:
        return psutil.Process(pid).name().startswith("postgres")
    except psutil.NoSuchProcess:
        return False
