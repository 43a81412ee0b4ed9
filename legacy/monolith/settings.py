"""Every MONOLITH_* setting, read once; an unknown or malformed one stops the start."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "MONOLITH_"
DATABASE = "banyan_monolith"


class BadSetting(ValueError):
    """A setting is missing, unknown or malformed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Field `port` is the setting MONOLITH_PORT, and so on."""

    database_url: str = field(repr=False)
    gateway_secret: str = field(default="", repr=False)
    """Whoever knows it may sign in as anybody; empty: nobody can sign in."""
    host: str = "127.0.0.1"
    port: int = 8001
    delay_ms: float = 2.0
    """What every request takes at least, so that a local run is as slow as the old hardware."""
    workers: int = 8
    """Requests worked on at once; the database pool has the same size."""
    session_s: int = 1_200

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """Reads MONOLITH_* of `environ`; raises BadSetting, which names the setting."""
        known = {PREFIX + field.name.upper(): field for field in fields(cls)}
        given = {name: text for name, text in environ.items() if name.startswith(PREFIX)}
        for name in given:
            if name not in known:
                raise BadSetting(f"Unknown setting {name}; known are {', '.join(known)}.")
        read = {known[name].name: _parse(name, known[name].type, given[name]) for name in given}
        read["database_url"] = database_url(environ)
        return cls(**read).checked()

    def checked(self) -> "Settings":
        """Refuses what cannot work."""
        if self.workers < 1:
            raise BadSetting(f"MONOLITH_WORKERS must be at least 1, not {self.workers}.")
        if self.delay_ms < 0:
            raise BadSetting(f"MONOLITH_DELAY_MS must not be negative, not {self.delay_ms}.")
        return self


def database_url(environ: Mapping[str, str]) -> str:
    """The monolith's database: as set, or the one of the system that runs from BANYAN_HOME."""
    given = environ.get("MONOLITH_DATABASE_URL")
    return given or with_database(server_running_from(home(environ)), DATABASE)


def home(environ: Mapping[str, str]) -> Path:
    """The state folder that the whole local system shares."""
    return Path(environ.get("BANYAN_HOME") or ".banyan")


def with_database(server_url: str, name: str) -> str:
    """The same server, another database of it."""
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def server_running_from(folder: Path) -> str:
    """The PostgreSQL of the system that runs from the state folder; raises BadSetting."""
    try:
        return str(json.loads((folder / "run.json").read_text())["database"])
    except (OSError, ValueError, KeyError, TypeError) as missing:
        raise BadSetting(
            f"Set MONOLITH_DATABASE_URL, or start the system that runs from {folder}: `make run`."
        ) from missing


def _parse(name: str, wanted: Any, text: str) -> Any:
    try:
        return wanted(text)
    except ValueError as wrong:
        form = "a whole number" if wanted is int else "a number"
        raise BadSetting(f"{name}={text!r} is not {form}.") from wrong
