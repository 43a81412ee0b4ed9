"""A real coturn, which checks our credentials as one in production does."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.contracts.classroom import IceServer
from services.kit.settings import Settings
from tests.pair import free_port
from tests.stack import await_true

TOOL = "coturn"
SECRET = "north-south-secret"
READY_WITHIN_S = 20.0
MESSAGES = 10
# Loopback peers are for tests alone: in production a relay must reach no address of its own net.
CONFIGURATION = """
use-auth-secret
static-auth-secret={secret}
realm=banyan.test
listening-ip=127.0.0.1
relay-ip=127.0.0.1
listening-port={port}
min-port={low}
max-port={high}
no-tls
no-dtls
no-cli
allow-loopback-peers
pidfile={home}/turn.pid
log-file={home}/turn.log
simple-log
"""


def _found(program: str) -> str:
    """Skips the test without coturn's programs, or fails it when BANYAN_REQUIRE names coturn."""
    if (found := shutil.which(program)) is not None:
        return found
    reason = "coturn is not installed (apt-get install coturn)"
    if TOOL in Settings.read(os.environ).require.split(","):
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass(frozen=True, slots=True)
class Coturn:
    port: int

    @property
    def url(self) -> str:
        return f"turn:127.0.0.1:{self.port}?transport=udp"

    def relays(self, given: IceServer, **but: str) -> bool:
        """Whether messages come through for whoever has these credentials."""
        user = but.get("username", given.username) or ""
        password = but.get("credential", given.credential) or ""
        told = ("-u", user, "-w", password, "-p", str(self.port), "-n", str(MESSAGES))
        command = [_found("turnutils_uclient"), "-y", "-c", "-m", "1", *told, "127.0.0.1"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode == 0 and "lost packets 0" in done.stdout


@contextmanager
def coturn(home: Path) -> Iterator[Coturn]:
    server = _found("turnserver")
    port, low = free_port(), 40_000 + free_port() % 9_000
    text = CONFIGURATION.format(secret=SECRET, port=port, low=low, high=low + 100, home=home)
    (home / "turn.conf").write_text(text)
    process = subprocess.Popen(
        [server, "-c", str(home / "turn.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_true(lambda: _listens(port), READY_WITHIN_S)
        yield Coturn(port)
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    told = Path("/proc/net/udp").read_text()
    return f"0100007F:{port:04X}" in told
