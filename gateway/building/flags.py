"""The flags in force: by a server's list where one is set, else by the file."""

from dataclasses import dataclass

from flags.backup import Backup
from flags.client import Flags
from flags.served import Served
from flags.server import fetch_of
from gateway.building.life import Close, Run
from services.kit.clock import Clock
from services.kit.settings import Settings
from services.kit.transport import HttpTransport


@dataclass(frozen=True, slots=True)
class InForce:
    """What runs beside the requests to keep `flags` new, and what is closed behind it."""

    flags: Flags
    runs: list[Run]
    closes: list[Close]


def flags_of(settings: Settings, clock: Clock) -> InForce:
    flags = Flags(settings.home)
    if not settings.unleash_url:
        return InForce(flags, [flags.watch], [])
    to_server = HttpTransport(1)
    fetch = fetch_of(to_server, settings.unleash_url.rstrip("/"), settings.unleash_token, clock)
    served = Served(flags, fetch, Backup(settings.home))
    # The file is watched all the same: it decides until a server has answered for the first time.
    return InForce(flags, [flags.watch, served.watch], [to_server.close])
