"""Starts a rival in processes of its own, on a core of its own, and tells what it has used."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.rivals import node, school
from bench.rivals.apps import AUDIENCE, ISSUER, issuer_of
from gateway.operation.limits import Limits

STARTS_WITHIN_S = 90.0
LOOK_EVERY_S = 0.05
MERCURIUS = "mercurius"


@dataclass(frozen=True, slots=True)
class Running:
    """Listens on `port` of 127.0.0.1 in as many processes as it has."""

    port: int
    processes: Sequence[psutil.Process]

    def cpu_s(self) -> float:
        times = [process.cpu_times() for process in self.processes]
        return sum(one.user + one.system for one in times)


@contextmanager
def running(
    name: str,
    home: Path,
    workers: int = 1,
    core: int | None = None,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """Ends with the block; `environ` is said beside our own. Raises node.NoNode."""
    env = {**os.environ, **(environ or {})}
    port = _free_port()
    command = _command(name, port, home)
    with pinned(core):
        started = [subprocess.Popen(command, env=env) for _ in range(workers)]
    try:
        await_open(port, started)
        yield Running(port, [psutil.Process(one.pid) for one in started])
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait()


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """This process, and what it starts meanwhile, keep to one core; nothing where none can."""
    if core is None or not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cores() -> list[int | None]:
    """One for the rival and one for who asks; none where they cannot be kept apart."""
    own: set[int] = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    return list(sorted(own)[:2]) if len(own) > 1 else [None, None]


def _command(name: str, port: int, home: Path) -> list[str]:
    if name != MERCURIUS:
        return [sys.executable, "-m", "bench.rivals.serving", name, str(port), str(home)]
    told = home / "school.json"
    told.write_bytes(school.told())
    jwk: dict[str, Any] = issuer_of(home).jwks()["keys"][0]
    known = {part: jwk[part] for part in ("kty", "crv", "x")}
    rest = [str(told), json.dumps(known), str(Limits().depth), ISSUER, AUDIENCE]
    return [*node.mercurius(), str(port), *rest]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def await_open(port: int, started: Sequence[subprocess.Popen[bytes]]) -> None:
    ends = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < ends:
        if any(one.poll() is not None for one in started):
            break
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(LOOK_EVERY_S)
    raise RuntimeError("a rival did not start")
