"""A process of ours that a bench starts beside a running system, and ends."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.rivals.running import await_open
from bench.system import System
from deploy.ports import free_base

Process = subprocess.Popen[bytes]


@contextmanager
def own_process(
    running: System, folder: Path, module: str, port_name: str, given: Mapping[str, str]
) -> Iterator[tuple[str, Process]]:
    """Where it answers; of settings it has those that are given alone."""
    base = int(running.at.gateway.rpartition(":")[2])
    port = free_base(base, ["gateway"])
    own = {k: v for k, v in os.environ.items() if not k.startswith(("BANYAN_", "MONOLITH_"))}
    with (folder / f"{module}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            env={**own, **given, port_name: str(port)},
            stdout=log,
            stderr=log,
        )
    try:
        await_open(port, [process])
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait()
