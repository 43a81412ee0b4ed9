"""Runs `banyan up` for tests: in a state folder and on ports of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.ports import is_free
from services.kit.home import NotRunning, running
from services.kit.ports import PORTS

BANYAN = Path(sys.executable).with_name("banyan")
START_WITHIN_S = 180.0
STOP_WITHIN_S = 10.0
# Below the ports that the system gives to outgoing connections.
BASES = range(20_000, 32_000, 20)


@dataclass(frozen=True, slots=True)
class Stack:
    """A running system; `output` is what its supervisor said so far."""

    home: Path
    gateway: str
    monolith: str
    database: str
    redis: str
    process: subprocess.Popen[bytes]
    output: Path

    def stop(self) -> int:
        """Ctrl-C; gives the exit code."""
        self.process.send_signal(signal.SIGINT)
        code: int = self.process.wait(STOP_WITHIN_S)
        return code


def free_base() -> int:
    """A gateway's port whose followers are free too; test runs side by side begin apart."""
    start = os.getpid() % len(BASES)
    bases: list[int] = [*BASES[start:], *BASES[:start]]
    return next(base for base in bases if all(is_free(base + n) for n in PORTS.values()))


def environ(home: Path, base: int, **more: str) -> dict[str, str]:
    """Ours without what would lead to another system."""
    foreign = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("BANYAN_", "MONOLITH_"))
        and name not in ("DATABASE_URL", "REDIS_URL")
    }
    return {**foreign, "BANYAN_HOME": str(home), "BANYAN_PORT": str(base), **more}


def begin(
    environ: Mapping[str, str], output: Path, options: tuple[str, ...] = ()
) -> subprocess.Popen[bytes]:
    with output.open("wb") as file:
        return subprocess.Popen(
            [str(BANYAN), "up", *options], env=dict(environ), stdout=file, stderr=file
        )


def await_ready(home: Path, process: subprocess.Popen[bytes], output: Path) -> Stack:
    """Returns once everything answers; fails with the output when the supervisor gives up."""

    def is_ready() -> bool:
        if process.poll() is not None:
            pytest.fail(f"`banyan up` ended with {process.returncode}:\n{output.read_text()}")
        try:
            return running(home).pid == process.pid
        except NotRunning:
            return False

    await_true(is_ready, START_WITHIN_S)
    at = running(home)
    return Stack(home, at.gateway, at.monolith, at.database, at.redis, process, output)


def await_true(claim: Callable[[], bool], within_s: float) -> None:
    """Waits for a condition; fails when it does not come true in time."""
    until = time.monotonic() + within_s
    while not claim():
        if time.monotonic() > until:
            pytest.fail(f"{claim.__qualname__} did not come true within {within_s} s")
        time.sleep(0.02)


@contextmanager
def stack(home: Path, options: tuple[str, ...] = (), **more: str) -> Iterator[Stack]:
    """A system that runs inside the block and is gone after it."""
    output = home.with_name(f"{home.name}.output")
    process = begin(environ(home, free_base(), **more), output, options)
    try:
        yield await_ready(home, process, output)
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Stops it, however it is: the guardian stops the rest."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def forget(home: Path) -> None:
    """Removes what root keeps outside of the state folder."""
    link = home / "postgres"
    if link.is_symlink():
        shutil.rmtree(link.resolve(), ignore_errors=True)
