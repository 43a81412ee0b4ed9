"""Starts the Procfile's processes and waits until each answers on its port."""

from collections.abc import Iterator
from pathlib import Path

from deploy import ready
from deploy.crew import Crew
from deploy.environ import MONOLITH, Environ
from deploy.keeper import Keeper
from deploy.procfile import Process
from services.kit.ports import PORTS, port_of
from services.kit.serves import Serves
from services.kit.settings import Settings
from services.storage.embedded import Command

GATEWAY, REALTIME = "gateway", "realtime"
SERVES = "BANYAN_GATEWAY_SERVES"


def commands(processes: list[Process], environ: Environ) -> list[Command]:
    """One a process; the gateway's as many times as it shall have workers, on one port.

    Where sockets and streams have workers of their own, those have a port of their own too.
    """
    return [
        Command(name, process.argv, Path.cwd(), {**environ.of(process.name), **more})
        for process in processes
        for name, more in _instances(process, environ.settings)
    ]


async def start(commands: list[Command], crew: Crew, base: int, within_s: float) -> None:
    """Starts all at once; returns when all that have a port answer on it."""
    keepers = [crew.keep(command) for command in commands]
    for keeper in keepers:
        await _answers(keeper, base, within_s)


async def _answers(keeper: Keeper, base: int, within_s: float) -> None:
    role = keeper.name.partition(".")[0]
    if role in PORTS:
        path = "/health" if role == MONOLITH else "/health/ready"
        url = f"http://127.0.0.1:{port_of(role, base)}{path}"
        await ready.kept(keeper, ready.http_refuses(url), within_s)


def _instances(process: Process, settings: Settings) -> Iterator[tuple[str, dict[str, str]]]:
    """Each one's name, and what it is told beside what all are told."""
    if process.name != GATEWAY:
        yield process.name, {}
        return
    told = {SERVES: Serves.HTTP.value} if settings.realtime_workers else {}
    for number in range(1, settings.workers + 1):
        yield f"{GATEWAY}.{number}", told
    for number in range(1, settings.realtime_workers + 1):
        yield f"{REALTIME}.{number}", {SERVES: Serves.REALTIME.value}
