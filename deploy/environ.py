"""The environment of each process, from the settings and from what was started before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.kit.settings import PREFIX, Settings
from services.storage.server import with_database

MONOLITH = "monolith"
FEEDER = "feeder"
MONOLITH_DATABASE = "banyan_monolith"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each part answers; the databases' with their passwords."""

    gateway: str
    monolith: str = field(repr=False)
    database: str = field(repr=False)
    redis: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Environ:
    """`inherited` is our own environment; `home` is absolute."""

    inherited: Mapping[str, str] = field(repr=False)
    home: Path
    settings: Settings
    addresses: Addresses
    legacy_secret: str = field(repr=False)
    monolith_port: int

    def of(self, name: str) -> dict[str, str]:
        return self._of_monolith() if name == MONOLITH else self._of_ours()

    def _of_ours(self) -> dict[str, str]:
        return {
            **self._common(),
            **{name: text for name, text in self.inherited.items() if name.startswith(PREFIX)},
            "BANYAN_HOME": str(self.home),
            "BANYAN_LEGACY_URL": self.addresses.monolith,
            "BANYAN_LEGACY_SECRET": self.legacy_secret,
            "DATABASE_URL": self.addresses.database,
            "REDIS_URL": self.addresses.redis,
        }

    def _of_monolith(self) -> dict[str, str]:
        """Its own settings only: it is an app of its own and refuses what it does not know."""
        return {
            **self._common(),
            "BANYAN_HOME": str(self.home),
            "MONOLITH_DATABASE_URL": with_database(self.addresses.database, MONOLITH_DATABASE),
            "MONOLITH_HOST": "127.0.0.1",
            "MONOLITH_PORT": str(self.monolith_port),
            "MONOLITH_GATEWAY_SECRET": self.legacy_secret,
            "MONOLITH_DELAY_MS": str(self.settings.monolith_delay_ms),
            "MONOLITH_WORKERS": str(self.settings.monolith_workers),
            "MONOLITH_SESSION_S": str(self.settings.monolith_session_s),
        }

    def _common(self) -> dict[str, str]:
        foreign = {
            name: text
            for name, text in self.inherited.items()
            if not name.startswith((PREFIX, "MONOLITH_"))
        }
        # What a process says last must be in its log when it dies.
        return {**foreign, "PYTHONUNBUFFERED": "1"}
