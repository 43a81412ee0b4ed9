"""A monolith and a gateway of a test's own, which it may stop, starve and kill."""

import itertools
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.ports import is_free
from tests.stack import await_true

SECRET = "between these two"
READY_WITHIN_S = 90.0
# Test processes side by side have ports apart: two gateways would share one without a word.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTS = itertools.cycle(range(32_100 + WORKER * 330, 32_430 + WORKER * 330))
_LINE = re.compile(r'"([A-Z]+) (\S+) HTTP/1.1" (\d+)')


@dataclass(frozen=True, slots=True)
class Server:
    """One process; `log` holds what it printed, also its own record of each request."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def requests(self) -> list[str]:
        """What the process itself says it was asked: method and path, in order."""
        found = _LINE.findall(self.log.read_text())
        return [f"{method} {path}" for method, path, _ in found if path != "/health"]

    @contextmanager
    def hung(self) -> Iterator[None]:
        """It accepts and says nothing."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def monolith(home: Path, database_url: str, **settings: str) -> Iterator[Server]:
    """`settings` without MONOLITH_; the database has its tables."""
    port = int(settings.pop("port", 0))
    own = {"database_url": database_url, "gateway_secret": SECRET, "delay_ms": "0", **settings}
    environ = {f"MONOLITH_{name.upper()}": text for name, text in own.items()}
    with server(home, "legacy.monolith", "MONOLITH_PORT", "/health", environ, port) as made:
        yield made


@contextmanager
def gateway(home: Path, legacy_url: str, **settings: str) -> Iterator[Server]:
    """`settings` without BANYAN_; the demo issuer's key is made in `home`."""
    own = {"home": str(home), "legacy_url": legacy_url, "legacy_secret": SECRET, "rollback": "no"}
    own |= settings
    environ = {f"BANYAN_{name.upper()}": text for name, text in own.items()}
    with server(home, "gateway.main", "BANYAN_PORT", "/health/ready", environ) as made:
        yield made


@contextmanager
def server(
    home: Path, module: str, port_name: str, health: str, environ: dict[str, str], port: int = 0
) -> Iterator[Server]:
    """Once it answers; `environ` over what is inherited, but for settings of ours."""
    with begun(home, module, port_name, environ, port) as made:
        await_true(lambda: answers(made, health), READY_WITHIN_S)
        yield made


@contextmanager
def begun(
    home: Path, module: str, port_name: str, environ: dict[str, str], port: int = 0
) -> Iterator[Server]:
    """The same, whether it answers or not; on a free port unless it is to be one that is known.

    A port in `environ` is that of whom it is taken from: two would answer in turns there.
    """
    port = port or free_port()
    log = home / f"{module}.{port}.log"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("BANYAN_", "MONOLITH_"))}
    with ExitStack() as stack:
        output = stack.enter_context(log.open("wb"))
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", module],
            env={**inherited, **environ, port_name: str(port)},
            stdout=output,
            stderr=output,
        )
        stack.callback(_end, process)
        yield Server(f"http://127.0.0.1:{port}", process, log)


def answers(server: Server, path: str) -> bool:
    assert server.process.poll() is None, server.log.read_text()
    try:
        return httpx.get(server.url + path, timeout=1).status_code == 200
    except httpx.HTTPError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def free_port() -> int:
    """Above the stacks' blocks, below the ports that the system gives to outgoing connections."""
    return next(port for port in PORTS if is_free(port))


def count(requests: Sequence[str], start: str) -> int:
    return sum(request.startswith(start) for request in requests)
