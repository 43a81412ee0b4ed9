"""The running system that a bench measures: the one of BANYAN_HOME, else one of the bench's own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import click
import httpx
import psutil
from rich.console import Console

from deploy.ports import free_base
from services.kit.cli import settings_from_environ
from services.kit.home import NotRunning, Running, running
from services.kit.ports import PORTS
from services.kit.settings import Settings

BANYAN = Path(sys.executable).with_name("banyan")
START_WITHIN_S = 120.0
STOP_WITHIN_S = 15.0

ELSEWHERE = ("BANYAN_LEGACY_URL", "BANYAN_LEGACY_SECRET", "DATABASE_URL", "REDIS_URL")
"""Settings that would lead a system of our own to somebody else's data."""

PATIENT = {
    "BANYAN_REQUEST_BUDGET_MS": "20000",
    "BANYAN_UPSTREAM_BUDGET_MS": "20000",
    "BANYAN_VIEWER_RATE": "0",
    "BANYAN_TENANT_RATE": "0",
}
"""What is slow on a busy machine shall be measured, not cut off; few ask for many."""


@dataclass(frozen=True, slots=True)
class System:
    """`is_found`: it ran before us, and goes on behind us."""

    home: Path
    at: Running
    settings: Settings
    is_found: bool = False

    def log(self, process: str) -> Path:
        return self.home / "logs" / f"{process}.log"

    def processes(self, module: str) -> list[psutil.Process]:
        """Those that run `python -m MODULE`."""
        children = psutil.Process(self.at.pid).children(recursive=True)
        return [child for child in children if module in _words(child)]


def _words(process: psutil.Process) -> list[str]:
    """Of its command; none of one that has just ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@contextmanager
def system(own: Mapping[str, str] = PATIENT) -> Iterator[System]:
    """What runs is used as it is; what had to be started is stopped and removed behind us.

    `own` settings are those of one that is started, where nobody has said otherwise.
    """
    settings = settings_from_environ()
    with ExitStack() as stack:
        stack.enter_context(sigterm_unwinds())
        home = settings.home.absolute()
        at = _answering(home)
        is_found = at is not None
        if at is None:
            home = stack.enter_context(_temporary_home())
            at = stack.enter_context(_started(home, own))
        yield System(home, at, settings, is_found)


def _answering(home: Path) -> Running | None:
    """What the state folder records, if it is still true."""
    try:
        at = running(home)
        httpx.get(f"{at.gateway}/health/live").raise_for_status()
    except (NotRunning, httpx.HTTPError):
        return None
    return at


@contextmanager
def _temporary_home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="banyan-bench-"))
    home = folder / "home"
    try:
        yield home
    finally:
        # Root's PostgreSQL lies in a public place, and the state folder only links to it.
        shutil.rmtree((home / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(home: Path, own: Mapping[str, str]) -> Iterator[Running]:
    output = home.with_name("output")
    with output.open("wb") as file:
        process = subprocess.Popen(
            [str(BANYAN), "up"], env=_environ(home, own), stdout=file, stderr=file
        )
        try:
            with Console(stderr=True).status("Nothing runs: starting a system of the bench's own"):
                at = _await_ready(home, process, output)
            yield at
        finally:
            _stop(process)


def _environ(home: Path, own: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: text
        for name, text in os.environ.items()
        if name not in ELSEWHERE and not name.startswith("MONOLITH_")
    }
    # Benches that begin side by side look for their ports in different places.
    port = free_base(10_000 + os.getpid() % 100 * 100, PORTS)
    return {**own, **kept, "BANYAN_HOME": str(home), "BANYAN_PORT": str(port)}


def _await_ready(home: Path, process: subprocess.Popen[bytes], output: Path) -> Running:
    until = time.monotonic() + START_WITHIN_S
    while process.poll() is None and time.monotonic() < until:
        try:
            return running(home)
        except NotRunning:
            time.sleep(0.05)
    raise click.ClickException(f"`banyan up` did not start a system:\n{output.read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does, which may have reached it already; killed, its guardian stops the rest."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def sigterm_unwinds() -> Iterator[None]:
    """SIGTERM leaves by way of every `finally`, as Ctrl-C does."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
