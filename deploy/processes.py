"""Starts the Procfile's processes and waits until each answers on its port."""

from pathlib import Path

from deploy import ready
from deploy.crew import Crew
from deploy.environ import MONOLITH, Environ
from deploy.keeper import Keeper
from deploy.procfile import Process
from services.kit.ports import PORTS, port_of
from services.storage.embedded import Command

GATEWAY = "gateway"


def commands(processes: list[Process], environ: Environ) -> list[Command]:
    """One a process; the gateway's as many times as it shall have workers, on one port."""
    return [
        Command(name, process.argv, Path.cwd(), environ.of(process.name))
        for process in processes
        for name in _names(process, environ.settings.workers)
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


def _names(process: Process, workers: int) -> list[str]:
    if process.name != GATEWAY:
        return [process.name]
    return [f"{GATEWAY}.{number}" for number in range(1, workers + 1)]
